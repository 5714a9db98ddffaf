import type { Node } from '../compiler/typescript.ts';

/** Whether the node, or one inside it, is of some kind. */
export function holds(node: Node, what: (node: Node) => boolean): boolean {
  if (what(node)) return true;
  let found = false;
  node.forEachChild((child) => {
    found ||= holds(child, what);
  });
  return found;
}
