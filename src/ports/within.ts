import type { Clock } from './host.ts';

/** The outcome of the work, or `late` thrown when it has none after that time; the work itself goes on unheard. */
export async function within<T>(clock: Clock, ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  const decided = new AbortController();
  const deadline = async (): Promise<never> => {
    await clock.wait(ms, decided.signal);
    throw late();
  };
  try {
    return await Promise.race([work, deadline()]);
  } finally {
    decided.abort();
  }
}
