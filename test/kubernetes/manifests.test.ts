import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import type { IContainer } from 'kubernetes-models/v1/Container';
import { afterAll, afterEach, describe, expect, it, test } from 'vitest';

import { Page } from '../docs/page.ts';
import { blocksOf, root } from '../readme/blocks.ts';
import { Deployed, deployments, hasKubectl, servers, typed } from './manifests.ts';

/** What the Secret holds, by its keys; of the optional ones nothing. */
const secret: Readonly<Record<string, string>> = {
  'state-key': Buffer.alloc(32, 1).toString('base64url'),
  'database-url': 'postgres://server@127.0.0.1:1/shop',
  'migration-database-url': 'postgres://owner@127.0.0.1:1/shop',
};

const server = { 'app.kubernetes.io/component': 'server' };
const scratch = mkdtempSync(join(tmpdir(), 'mortise-kubernetes-'));
const running: ChildProcess[] = [];

if (!hasKubectl) {
  if (process.env['CI'] === 'true') throw new Error('no kubectl: set KUBECTL to its path');
  // said, not hidden: without CI a machine may have none
  process.stderr.write(
    'There is no kubectl here, so that deploy/kubernetes is not looked at. Set KUBECTL to its path.\n',
  );
}

afterEach(() => running.splice(0).forEach((each) => each.kill('SIGKILL')));
afterAll(() => rmSync(scratch, { recursive: true }));

/** The variables of a container, as the cluster would set them. */
function variablesOf(
  { env = [], envFrom = [] }: IContainer,
  settings: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const own = env.map(({ name, value, valueFrom }) => {
    if (valueFrom === undefined) return [name, value] as const;
    const { name: of, key = '', optional } = valueFrom.secretKeyRef ?? {};
    expect(of).toBe('mcp-server');
    if (optional !== true) expect(secret).toHaveProperty(key);
    return [name, secret[key]] as const;
  });
  return { ...(envFrom.length > 0 && settings), ...Object.fromEntries(own), PATH: process.env['PATH'] };
}

const cli = (name: string): string => join(root, 'servers', name, 'dist/cli.js');

describe.runIf(hasKubectl).each(servers)('%s', (name) => {
  const deployed = new Deployed(join(deployments, name));
  const settings = (deployed.one('ConfigMap').data ?? {}) as Record<string, string>;
  const deployment = deployed.one('Deployment');
  const jobs = deployed.every('Job');
  const pods = [deployment, ...jobs].map(({ spec }) => spec?.template);
  const [container] = (deployment.spec?.template.spec?.containers ?? []) as [IContainer];

  // the volume is a folder here
  const args = (container.args ?? []).map((word) => (word === container.volumeMounts?.[0]?.mountPath ? scratch : word));

  it('has every field where Kubernetes has it, and no other', () => {
    const right = deployed.all.map((manifest) => typed(manifest, manifest));
    const { spec, ...rest } = deployment;
    const wrong = [
      { ...deployment, spec: { ...spec, replica: 2 } },
      { ...deployment, spec: { ...spec, minReadySeconds: '5' } },
      rest,
      { ...rest, spec: { template: spec?.template } },
    ];
    using rightPage = new Page(right);
    expect(rightPage.compile()).toBe('');
    using wrongPage = new Page(wrong.map((manifest) => typed(manifest, deployment)));
    const errors = wrongPage.compile().matchAll(/(\d)\.ts\(\d+,\d+\): error/g);
    // a Deployment without a spec is right for Kubernetes' own types
    expect(new Set([...errors].map(([, index]) => index))).toEqual(new Set(['0', '1', '3']));
  });

  it('is of one name, in a namespace of its own', () => {
    for (const { metadata } of deployed.all) {
      expect(metadata).toMatchObject({ namespace: name, labels: { 'app.kubernetes.io/name': name } });
    }
    expect(container.image).toMatch(new RegExp(`/${name}:\\d`));
  });

  it('names what is there', () => {
    const own = { ...server, 'app.kubernetes.io/name': name };
    expect(deployment.spec?.template.metadata?.labels).toEqual(own);
    for (const job of jobs) expect(job.spec?.template.metadata?.labels).not.toMatchObject(server);
    expect(deployment.spec?.selector).toEqual({ matchLabels: own });
    expect(deployed.one('PodDisruptionBudget').spec?.selector).toEqual({ matchLabels: own });
    expect(deployed.one('Service').spec?.selector).toEqual(own);
    for (const { spec } of deployed.every('NetworkPolicy')) expect(spec?.podSelector).toEqual({});
    expect(deployed.one('HorizontalPodAutoscaler').spec?.scaleTargetRef).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: deployment.metadata.name,
    });
    expect(container.envFrom).toEqual([{ configMapRef: { name: deployed.one('ConfigMap').metadata.name } }]);
    const ports = (container.ports ?? []).map((port) => port.name);
    const { livenessProbe, readinessProbe, startupProbe } = container;
    const probed = [livenessProbe, readinessProbe, startupProbe].map((probe) => probe?.httpGet?.port);
    const served = deployed.one('Service').spec?.ports?.map(({ targetPort }) => targetPort) ?? [];
    for (const port of [...probed, ...served]) expect(ports).toContain(port);
  });

  it('gives its pods as few rights as they can live with', () => {
    for (const pod of pods) {
      expect(pod?.spec).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 65_532, seccompProfile: { type: 'RuntimeDefault' } },
      });
      for (const each of pod?.spec?.containers ?? []) {
        expect(each.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(each.resources).toMatchObject({ limits: { memory: expect.any(String) as unknown } });
      }
    }
  });

  it('ends after the server itself would', () => {
    const { terminationGracePeriodSeconds = 30 } = deployment.spec?.template.spec ?? {};
    const drained = Number(container.env?.find((each) => each.name === 'MORTISE_DRAIN_SECONDS')?.value);
    expect(terminationGracePeriodSeconds).toBeGreaterThan(drained + 8);
  });

  it('sets variables that the server has, and starts with them', async () => {
    const help = spawnSync(process.execPath, [cli(name), '--help'], { encoding: 'utf8' }).stdout;
    const known = new Set([...(help.match(/\b[A-Z][A-Z_]+\b/g) ?? []), 'MORTISE_STATE_KEY']);
    const variables = variablesOf(container, settings);
    const named = [...Object.keys(settings), ...(container.env ?? []).map((each) => each.name)];
    expect(named.filter((variable) => !known.has(variable))).toEqual([]);
    expect(container.ports?.[0]?.containerPort).toBe(3000);
    expect(help).toContain('default 3000');

    const child = spawn(process.execPath, [cli(name), ...args], {
      env: { ...variables, PORT: '0' },
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    running.push(child);
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
    await Promise.race([once(child, 'exit'), waitFor(() => /http:\S+\n/.test(log))]);
    const url = new URL((/http:\S+/.exec(log)?.[0] ?? log).replace('0.0.0.0', '127.0.0.1'));

    // the kubelet asks by the address of the pod
    const podAddress = '10.1.2.3:3000';
    expect(await statusOf(url, container.livenessProbe?.httpGet?.path, podAddress)).toBe(200);
    // no database runs here
    const ready = await statusOf(url, container.readinessProbe?.httpGet?.path, podAddress);
    expect(ready).toBe(jobs.length > 0 ? 503 : 200);
    expect(await statusOf(url, '/mcp', `mcp-server.${name}`)).toBe(401);
    expect(await statusOf(url, '/mcp', `${name}.example.com`)).toBe(401);
    expect(await statusOf(url, '/mcp', 'another.example')).toBe(403);
    if (jobs.length > 0) expect(log).toContain('not ready: connect ECONNREFUSED 127.0.0.1:1');
  });

  it('takes the key of its state from the Secret', () => {
    const env = { ...variablesOf(container, settings), MORTISE_STATE_KEY: 'short', PORT: '0' };
    const { status, stderr } = spawnSync(process.execPath, [cli(name), ...args], { env, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain('MORTISE_STATE_KEY holds a key that is not 32 bytes');
  });

  it.each(jobs)('migrates by a command that there is: $metadata.name', ({ spec }) => {
    const [migration] = (spec?.template.spec?.containers ?? []) as [IContainer];
    expect(migration.image).toBe(container.image);
    expect(migration.env?.map(({ valueFrom }) => valueFrom?.secretKeyRef?.key)).toEqual(['migration-database-url']);
    const env = variablesOf(migration, settings);
    const { status, stderr } = spawnSync(process.execPath, [cli(name), ...(migration.args ?? [])], {
      env,
      encoding: 'utf8',
    });
    expect(stderr).toContain('The database cannot be reached');
    expect(status).toBe(1);
  });
});

test.runIf(hasKubectl)('what the page tells to write builds on the folder', () => {
  const block = blocksOf('docs/kubernetes.md').find(({ language }) => language === 'yaml');
  const base = relative(scratch, join(root, 'deploy/kubernetes/orders'));
  const text = block?.text.replace(/https:\S+orders\?ref=\S+/, base) ?? '';
  writeFileSync(join(scratch, 'kustomization.yaml'), text);
  const deployed = new Deployed(scratch);
  expect(text).toContain(base);
  expect(deployed.one('ConfigMap').data).toEqual({
    MORTISE_ALLOWED_HOSTS: 'mcp.yours.example,mcp-server.orders',
    MORTISE_AUTH_ISSUER: 'https://id.yours.example',
    MORTISE_AUTH_AUDIENCE: 'https://mcp.yours.example/mcp',
    ORDERS_TAX_PERCENT: '7.7',
  });
  for (const kind of ['Deployment', 'Job'] as const) {
    const [container] = deployed.one(kind).spec?.template.spec?.containers ?? [];
    expect(container?.image).toBe('registry.of.yours/orders:0.1.0');
  }
});

test('the page creates the Secret that the folders name, and names every folder', () => {
  const commands = blocksOf('docs/kubernetes.md').filter(({ language }) => language === 'sh');
  const text = commands.map((each) => each.text).join('\n');
  const keys = [...text.matchAll(/--from-literal[= ]([\w-]+)=/g)].map(([, key]) => key);
  expect(new Set(keys)).toEqual(new Set(Object.keys(secret)));
  const prose = readFileSync(join(root, 'docs/kubernetes.md'), 'utf8');
  for (const name of servers) expect(prose).toContain(`deploy/kubernetes/${name}`);
});

/** Of a GET under a name; fetch sends no other than that of its URL. */
async function statusOf(url: URL, path: string | undefined, host: string): Promise<number | undefined> {
  const [response] = (await once(get(new URL(path ?? '', url), { headers: { host } }), 'response')) as [
    IncomingMessage,
  ];
  response.resume();
  return response.statusCode;
}

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}
