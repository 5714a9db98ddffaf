import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A server that the benchmark drives. */
export interface Target {
  readonly name: string;
  /** The file of the server, relative to this folder. */
  readonly file: string;
  readonly args?: (port: number) => readonly string[];
  readonly nodeOptions?: readonly string[];
}

/** Everything there is to compare; the floor is no MCP server. */
export const TARGETS = {
  floor: { name: 'bare node', file: 'servers/floor.mjs' },
  mortise: {
    name: 'Mortise',
    file: 'servers/mortise.mjs',
    args: (port: number) => (port === 0 ? [] : ['--http', '--port', String(port)]),
    nodeOptions: ['--conditions=@mortise/source', '--disable-warning=ExperimentalWarning'],
  },
  sdkV2: { name: 'SDK v2', file: 'peers/sdk-v2.mjs' },
  sdkV1: { name: 'SDK v1', file: 'peers/sdk-v1.mjs' },
  mcpLite: { name: 'mcp-lite', file: 'peers/mcp-lite.mjs' },
  fastmcp: { name: 'fastmcp', file: 'peers/fastmcp.mjs' },
} as const satisfies Record<string, Target>;

/** What a process has used since it began. */
export interface Usage {
  /** Of user and system together, in microseconds. */
  readonly cpu: number;
  /** In bytes. */
  readonly rss: number;
}

/** A target at work in a process of its own. */
export class RunningTarget implements AsyncDisposable {
  readonly name: string;
  readonly port: number;
  readonly process: ChildProcess;

  private constructor(name: string, port: number, child: ChildProcess) {
    this.name = name;
    this.port = port;
    this.process = child;
  }

  /** Starts a target over HTTP; resolves when it accepts connections. */
  static async http(
    target: Target,
    environment: Readonly<Record<string, string>> = {},
    options: readonly string[] = [],
  ): Promise<RunningTarget> {
    const port = await freePort();
    const running = new RunningTarget(target.name, port, start(target, port, environment, options));
    while (!(await accepts(port))) {
      if (running.process.exitCode !== null) throw new Error(`${target.name} does not start`);
      await sleep(20);
    }
    return running;
  }

  /** Starts a target over stdio. */
  static stdio(target: Target): RunningTarget {
    return new RunningTarget(target.name, 0, start(target, 0, { TRANSPORT: 'stdio' }));
  }

  async usage(): Promise<Usage> {
    const { cpu, rss } = await this.#ask<{ cpu: NodeJS.CpuUsage; rss: number }>('usage');
    return { cpu: cpu.user + cpu.system, rss };
  }

  /** How many bytes the process allocates on its heap while `work` is done. */
  async allocations(work: () => Promise<unknown>): Promise<number> {
    await this.#ask('startSampling');
    await work();
    const { bytes } = await this.#ask<{ bytes: number }>('stopSampling');
    return bytes;
  }

  async #ask<Answer>(question: string): Promise<Answer> {
    const answer = once(this.process, 'message');
    this.process.send(question);
    const [told] = (await answer) as [Answer];
    return told;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.process.exitCode !== null) return;
    this.process.kill('SIGKILL');
    await once(this.process, 'exit');
  }
}

function start(
  target: Target,
  port: number,
  environment: Readonly<Record<string, string>>,
  options: readonly string[] = [],
): ChildProcess {
  const args = [...(target.nodeOptions ?? []), '--import', path('probe.mjs'), path(target.file)];
  return spawn(process.execPath, [...args, ...(target.args?.(port) ?? []), ...options], {
    env: { ...process.env, PORT: String(port), ...environment },
    stdio: ['pipe', 'pipe', process.env['BENCH_DEBUG'] ? 'inherit' : 'ignore', 'ipc'],
  });
}

function path(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
