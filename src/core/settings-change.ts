import { encodeCanonical, type Plain } from './canonical.ts';

/** A record names so many; a file that was rewritten whole changes more. */
const NAMED = 20;

/** What changed between two settings, by path: `approvals.required: 1 → 2; classes.A.protect: new`. */
export function changedPaths(before: Plain, after: Plain): string {
  const [old, fresh] = [leavesOf(before), leavesOf(after)];
  const paths = [...new Set([...old.keys(), ...fresh.keys()])].toSorted();
  const changed = paths
    .filter((path) => old.get(path) !== fresh.get(path))
    .map((path) => `${path}: ${old.get(path) ?? 'not set'} → ${fresh.get(path) ?? 'not set'}`);
  const more = changed.length - NAMED;
  return [...changed.slice(0, NAMED), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

/** Lists are leaves: their members have no names. */
function leavesOf(value: Plain, path = ''): ReadonlyMap<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return new Map([[path, encodeCanonical(value)]]);
  }
  return new Map(
    Object.entries(value).flatMap(([key, inner]) => [
      ...leavesOf(inner, path === '' ? key : `${path}.${key}`),
    ]),
  );
}
