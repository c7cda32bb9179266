import { createHash } from 'node:crypto';

/** Tells a job again by its very bytes; 128 bits, so that two never share one by chance. */
export function digestOf(payload: Uint8Array): string {
  return createHash('sha256').update(payload).digest('hex').slice(0, 32);
}
