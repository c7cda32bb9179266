import { believe } from './belief.ts';
import { observe, startEvidence } from './evidence.ts';
import { summarise } from './summary.ts';
import { openTrace } from './trace.ts';

/** After how many lost processes a trace is asked who did it. */
const CHECKPOINTS: ReadonlySet<number> = new Set([1, 2, 3, 5, 10, 20]);

/** What the engine would have said at the `k`-th lost process of a trace. */
export type Prediction = {
  readonly trace: string;
  readonly k: number;
  readonly ranked: readonly { readonly class: string; readonly p: number }[];
};

/** Reads a trace to its end through the modules that run live. Returns what each line calls for: mostly nothing. */
export function startReplay(firstLine: string): (line: string) => Prediction | undefined {
  const trace = openTrace(firstLine);
  const evidence = startEvidence();
  let k = 0;
  return (line) => {
    const observation = trace.read(line);
    if (observation === undefined) return undefined;
    observe(evidence, observation);
    if (observation.kind !== 'process crashed') return undefined;
    k++;
    if (!CHECKPOINTS.has(k)) return undefined;
    const { classes } = believe(summarise(evidence));
    return { trace: trace.id, k, ranked: classes.map(({ jobClass, p }) => ({ class: jobClass, p })) };
  };
}
