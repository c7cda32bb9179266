import { createHash } from 'node:crypto';

/** A short mark of what a message shows, so that it is edited only when that changes. */
export function markOfShown(content: object): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 22);
}
