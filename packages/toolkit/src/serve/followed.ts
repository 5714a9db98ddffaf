/** The parts of `subscriptions/listen` (specification 2026-07-28, basic/utilities/subscriptions) that name resources. */
interface Listen {
  readonly params?: { readonly notifications?: { readonly resourceSubscriptions?: unknown } };
}

/**
 * A `subscriptions/listen` that asks only for the resources that the caller may be told of. What is left out the
 * acknowledgement leaves out too, as for resources that do not exist.
 */
export function withoutForbidden(message: unknown, mayFollow: (uri: string) => boolean): unknown {
  const { params } = message as Listen;
  const asked = params?.notifications?.resourceSubscriptions;
  if (!Array.isArray(asked)) return message;
  const resourceSubscriptions = asked.filter((uri) => typeof uri !== 'string' || mayFollow(uri));
  return {
    ...(message as object),
    params: { ...params, notifications: { ...params?.notifications, resourceSubscriptions } },
  };
}
