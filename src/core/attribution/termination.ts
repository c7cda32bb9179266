/** How the container platform says that a container ended: its log of what Redis can't see. */
export type Termination = {
  /** A container's host name is the name of its pod. */
  readonly pod: string;
  readonly atMs: number;
  /** "OOMKilled", "Error", "Completed"; what Kubernetes wrote. */
  readonly reason: string;
  readonly exitCode: number;
};

/** What became of asking for them: an answer, or a sentence that says why there is none. */
export type Terminations =
  | { readonly kind: 'read'; readonly found: readonly Termination[] }
  | { readonly kind: 'unread'; readonly sentence: string };

/** A crash is dated by its last beat: the end came up to a beat and a missed one later, clocks a little apart. */
const BEFORE_MS = 5_000;
const AFTER_MS = 30_000;

/** The termination that belongs to a crash, if one does: that of its pod, at its time. */
export function terminationOf(
  crash: { readonly host: string; readonly atMs: number },
  terminations: readonly Termination[],
): Termination | undefined {
  return terminations
    .filter(({ pod, atMs }) => {
      return pod === crash.host && atMs >= crash.atMs - BEFORE_MS && atMs <= crash.atMs + AFTER_MS;
    })
    .toSorted((a, b) => Math.abs(a.atMs - crash.atMs) - Math.abs(b.atMs - crash.atMs))[0];
}

/** "the kernel killed 9 of 9 for memory; 1 ended with code 1 (Error)". Undefined where the platform told of none. */
export function terminationSentence(
  crashes: readonly { readonly termination?: Pick<Termination, 'reason' | 'exitCode'> | undefined }[],
): string | undefined {
  const told = crashes.flatMap(({ termination }) => (termination === undefined ? [] : [termination]));
  if (told.length === 0) return undefined;
  const forMemory = told.filter(({ reason }) => reason === 'OOMKilled').length;
  const others = Map.groupBy(
    told.filter(({ reason }) => reason !== 'OOMKilled'),
    ({ reason, exitCode }) => `ended with exit code ${exitCode} (${reason})`,
  );
  const rest = [...others].map(([how, same]) => `${same.length} ${how}`);
  const unknown = crashes.length - told.length;
  return [
    ...(forMemory > 0 ? [`the kernel killed ${forMemory} of ${crashes.length} for memory`] : []),
    ...rest,
    ...(unknown > 0 ? [`nothing is known of ${unknown}`] : []),
  ].join('; ');
}
