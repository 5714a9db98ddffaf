import { readFile, stat } from 'node:fs/promises';

import { ConfigurationError } from '../define/configuration-error.ts';
import { reasonOf, report } from '../serve/report.ts';
import { ApiKeyVerifier } from './api-keys.ts';
import type { TokenVerifier, VerifiedToken } from './token-verifier.ts';

/** How often the file is looked at, at most, in milliseconds. */
const LOOK_AGAIN = 1_000;

/**
 * Checks API keys against a file, and takes a changed file over without a restart: a key that was taken out is refused
 * a second later. It is asked for with `stat`, not watched, since a secret of Kubernetes changes by a symbolic link.
 */
export class ApiKeyFile implements TokenVerifier {
  readonly #file: string;
  readonly #audience: string;
  readonly #now: () => number;
  #keys: ApiKeyVerifier;
  #version: string;
  #looked: number;
  #looking: Promise<void> | undefined;
  #told = '';

  private constructor(file: string, audience: string, keys: ApiKeyVerifier, version: string, now: () => number) {
    this.#file = file;
    this.#audience = audience;
    this.#keys = keys;
    this.#version = version;
    this.#now = now;
    this.#looked = now();
  }

  /** @throws ConfigurationError when the file cannot be read or a line is no key */
  static async open(file: string, audience: string, now: () => number = Date.now): Promise<ApiKeyFile> {
    const version = await versionOf(file);
    return new ApiKeyFile(file, audience, await read(file, audience), version, now);
  }

  async verify(token: string, digest?: string): Promise<VerifiedToken | undefined> {
    if (this.#now() - this.#looked >= LOOK_AGAIN) await (this.#looking ??= this.#look());
    return this.#keys.verify(token, digest);
  }

  /** A file that cannot be read now, or that holds a mistake, changes nothing: the operator is told once. */
  async #look(): Promise<void> {
    try {
      const version = await versionOf(this.#file);
      if (version === this.#version) return;
      this.#told = '';
      this.#version = version;
      this.#keys = await read(this.#file, this.#audience);
      report(`The API keys of ${this.#file} were read again.`);
    } catch (error) {
      const reason = reasonOf(error);
      if (reason !== this.#told) report(`${reason} The API keys that were read before stay in force.`);
      this.#told = reason;
    } finally {
      this.#looked = this.#now();
      this.#looking = undefined;
    }
  }
}

async function read(file: string, audience: string): Promise<ApiKeyVerifier> {
  return new ApiKeyVerifier(await orRefuse(file, readFile(file, 'utf8')), file, audience);
}

/** Another one whenever the file is. */
async function versionOf(file: string): Promise<string> {
  const { mtimeNs, ino, size } = await orRefuse(file, stat(file, { bigint: true }));
  return `${mtimeNs} ${ino} ${size}`;
}

async function orRefuse<T>(file: string, work: Promise<T>): Promise<T> {
  return await work.catch(() => {
    throw new ConfigurationError(`--api-keys ${file} is no file that can be read.`);
  });
}
