/**
 * A server's tests, with the real client: in one process, over a socket or against a process of its own, in both eras.
 * `@mortise/testing/postgres` gives them a real Postgres.
 *
 * @packageDocumentation
 */
export { testClient } from './test-client.ts';
export type { Answer, CallResult, TestClient, TestClientOptions, Tested } from './test-client.ts';
export type { Caller, Command, Transport } from './connect.ts';
export { ToolCallError } from './tool-call-error.ts';
export type { Methods, OnTheWire, WithoutContext } from './methods.ts';
export type { ListedSurface } from './listed-surface.ts';
