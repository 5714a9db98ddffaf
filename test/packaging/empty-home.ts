import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** A user on whose machine npm has never run: a home folder with nothing in it. */
export class EmptyHome implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'mortise-home-'));
  readonly #home = join(this.#folder, 'home');
  /** Where the user runs commands. */
  readonly workFolder: string = join(this.#folder, 'work');
  /** All variables that the user's programs get: this Node first, and what this machine's npm needs to fetch a package. */
  readonly environment: Readonly<Record<string, string>>;

  constructor() {
    mkdirSync(this.#home);
    mkdirSync(this.workFolder);
    writeFileSync(join(this.workFolder, 'package.json'), '{}'); // or npm takes a folder above for the one it works in
    const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
    const { PATH = '', ...others } = process.env;
    const network = ['NODE_EXTRA_CA_CERTS', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'].flatMap((name) =>
      others[name] === undefined ? [] : [[name, others[name]]],
    );
    this.environment = {
      PATH: `${dirname(process.execPath)}${delimiter}${PATH}`,
      HOME: this.#home,
      npm_config_registry: registry,
      ...Object.fromEntries(network),
    };
  }

  /** Bytes of all files that npx installed for a package. */
  installedBytes(packageName: string): number {
    const installs = globSync('.npm/_npx/*/package.json', { cwd: this.#home });
    const manifest = installs.find((file) => readFileSync(join(this.#home, file), 'utf8').includes(`"${packageName}"`));
    if (manifest === undefined) throw new Error(`npx installed no ${packageName}`);
    const folder = join(this.#home, dirname(manifest), 'node_modules');
    const sizes = globSync('**', { cwd: folder, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).size);
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Forgets everything that npm has fetched and installed. */
  forget(): void {
    rmSync(join(this.#home, '.npm'), { recursive: true, force: true });
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}
