import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { exportJWK, generateKeyPair, SignJWT } from 'jose';

const AUDIENCE = 'http://127.0.0.1/mcp';

/** Signs a token for the guarded server, and publishes the key as an authorization server does. */
export class Issuer implements Disposable {
  /** What the server is started with. */
  readonly options: readonly string[];
  /** What a client sends. */
  readonly authorization: string;
  readonly #server: Server;

  private constructor(server: Server, url: string, token: string) {
    this.#server = server;
    this.options = ['--auth-issuer', url, '--auth-audience', AUDIENCE, '--auth-jwks', `${url}/keys`];
    this.authorization = `Bearer ${token}`;
  }

  static async start(): Promise<Issuer> {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'bench', alg: 'RS256' }] });
    const server = createServer((_request, response) => void response.end(keys)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const token = await new SignJWT({ scope: 'bench', client_id: 'bench' })
      .setProtectedHeader({ alg: 'RS256', kid: 'bench' })
      .setIssuer(url)
      .setAudience(AUDIENCE)
      .setSubject('ann')
      .setExpirationTime('1h')
      .sign(privateKey);
    return new Issuer(server, url, token);
  }

  [Symbol.dispose](): void {
    this.#server.close();
  }
}
