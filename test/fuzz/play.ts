import { Worker } from 'node:worker_threads';

/** What became of a target's cases. */
export type Played =
  | { readonly type: 'held'; readonly slowestMs: number }
  | { readonly type: 'broken'; readonly text: string; readonly seed: number; readonly why: string }
  | { readonly type: 'never ends'; readonly text: string };

/** What the thread is at: the number of the case, its length, and the case itself in UTF-16. */
export const MOST_UNITS = 1 << 20;
export const HEAD_BYTES = 8;

export type Order = {
  readonly targets: string;
  readonly name: string;
  readonly cases: number;
  readonly seen: SharedArrayBuffer;
};

/** A parser is quick or it hangs; a busy machine may stop the whole process for some seconds. */
const NEVER_ENDS_MS = 20_000;

/**
 * Plays all cases of one target of that module in a thread of its own: a parser that never comes back can't be stopped in any
 * other way.
 */
export async function play(
  targets: URL,
  name: string,
  cases: number,
  neverEndsMs = NEVER_ENDS_MS,
): Promise<Played> {
  const seen = new SharedArrayBuffer(HEAD_BYTES + 2 * MOST_UNITS);
  const head = new Int32Array(seen, 0, 2);
  const order: Order = { targets: targets.href, name, cases, seen };
  const thread = new Worker(new URL('./play-child.ts', import.meta.url), { workerData: order });
  const ended = new AbortController();
  try {
    return await Promise.race([
      new Promise<Played>((resolve, reject) => {
        thread.once('message', resolve).once('error', reject);
      }),
      stuck(head, neverEndsMs, ended.signal).then((): Played => {
        const units = new Uint16Array(seen, HEAD_BYTES, Atomics.load(head, 1));
        return { type: 'never ends', text: String.fromCharCode(...units) };
      }),
    ]);
  } finally {
    ended.abort();
    await thread.terminate();
  }
}

/** Resolves when the same case has been played for that long. */
function stuck(head: Int32Array, neverEndsMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let before = 0;
    const timer = setInterval(() => {
      const now = Atomics.load(head, 0);
      if (now > 0 && now === before) resolve();
      before = now;
    }, neverEndsMs);
    signal.addEventListener('abort', () => clearInterval(timer));
  });
}
