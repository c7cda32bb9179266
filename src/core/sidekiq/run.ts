/** Neighbours in one reply are divided by `\r\n$296\r\n` and lie in one piece of memory. */
const MAX_GAP = 24;
/** A text of this size is still searched within the processor's cache, and is cheap to throw away. */
const MAX_RUN_BYTES = 64 * 1024;

/** Up to where payloads lie behind one another in memory: the index behind the last of them. */
export function runEnd(page: readonly Buffer[], first: number): number {
  const head = page[first];
  if (head === undefined) return first + 1;
  const { buffer, byteOffset } = head;
  let endByte = byteOffset + head.length;
  for (let index = first + 1; ; index += 1) {
    const next = page[index];
    if (next === undefined || next.buffer !== buffer) return index;
    const gap = next.byteOffset - endByte;
    if (gap < 0 || gap > MAX_GAP || endByte - byteOffset > MAX_RUN_BYTES) return index;
    endByte = next.byteOffset + next.length;
  }
}

/** Their bytes and the little between them, without a copy. */
export function bytesOfRun(page: readonly Buffer[], first: number, end: number): Buffer {
  const [head, last] = [page[first], page[end - 1]];
  if (head === undefined || last === undefined) return Buffer.alloc(0);
  return Buffer.from(head.buffer, head.byteOffset, last.byteOffset + last.length - head.byteOffset);
}
