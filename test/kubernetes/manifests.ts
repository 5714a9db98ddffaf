import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { IHorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment';
import type { IJob } from 'kubernetes-models/batch/v1/Job';
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap';
import type { IService } from 'kubernetes-models/v1/Service';
import { parseAllDocuments } from 'yaml';

import { root } from '../readme/blocks.ts';

/** The kinds of objects that the folders make. */
export interface Kinds {
  readonly ConfigMap: IConfigMap;
  readonly Deployment: IDeployment;
  readonly HorizontalPodAutoscaler: IHorizontalPodAutoscaler;
  readonly Job: IJob;
  readonly NetworkPolicy: INetworkPolicy;
  readonly PodDisruptionBudget: IPodDisruptionBudget;
  readonly Service: IService;
}

/** An object of Kubernetes, of whatever kind. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** Where the folders of the servers are. */
export const deployments: string = join(root, 'deploy/kubernetes');

const kubectl = process.env['KUBECTL'] ?? 'kubectl';

/** The servers that have a folder; the other folders are parts of theirs. */
export const servers: readonly string[] = readdirSync(deployments).filter(
  (name) => !['base', 'database'].includes(name),
);

/** Whether this machine has what puts the parts of a folder together. */
export const hasKubectl: boolean = spawnSync(kubectl, ['version', '--client']).status === 0;

/** All that one server consists of in a cluster, put together as `kubectl apply -k` does it. */
export class Deployed {
  readonly all: readonly Manifest[];

  /** @throws Error with what kubectl says */
  constructor(folder: string) {
    const { status, stdout, stderr } = spawnSync(kubectl, ['kustomize', folder], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${folder}: ${stderr}`);
    this.all = parseAllDocuments(stdout).map((document) => document.toJS() as Manifest);
  }

  /** The objects of one kind. */
  every<Kind extends keyof Kinds>(kind: Kind): readonly (Kinds[Kind] & Manifest)[] {
    return this.all.filter((each) => each.kind === kind) as (Kinds[Kind] & Manifest)[];
  }

  /** The only object of its kind. */
  one<Kind extends keyof Kinds>(kind: Kind): Kinds[Kind] & Manifest {
    const [only, ...more] = this.every(kind);
    if (!only || more.length > 0) throw new Error(`there is not one ${kind}, but ${only ? more.length + 1 : 0}`);
    return only;
  }
}

/** A module that is right when the compiler finds the object to be of its kind, with no field too many. */
export function typed(manifest: unknown, { apiVersion, kind }: Manifest): string {
  const module = `kubernetes-models/${apiVersion}/${kind}`;
  return `import type { I${kind} } from '${module}';\nexport default ${JSON.stringify(manifest)} satisfies I${kind};\n`;
}
