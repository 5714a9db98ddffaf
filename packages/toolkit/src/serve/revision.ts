import {
  PROTOCOL_VERSION_META_KEY,
  UnsupportedProtocolVersionError,
  type JSONRPCRequest,
} from '@modelcontextprotocol/server';
import { REVISION_2026 } from './plain-request.ts';

/** Whether a request says that it is of a revision which is not served. */
export function namesOtherRevision({ params }: JSONRPCRequest): boolean {
  const named = params?._meta?.[PROTOCOL_VERSION_META_KEY];
  return typeof named === 'string' && named !== REVISION_2026;
}

/** The answer to it: -32022, with the revision that is (specification 2026-07-28, basic/lifecycle). */
export function unsupportedRevision({ id, params }: JSONRPCRequest): object {
  const requested = String(params?._meta?.[PROTOCOL_VERSION_META_KEY]);
  const { code, message, data } = new UnsupportedProtocolVersionError({ supported: [REVISION_2026], requested });
  return { jsonrpc: '2.0', id, error: { code, message, data } };
}
