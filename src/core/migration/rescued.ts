import { counted, exact } from '../amounts.ts';
import type { Answer, Button, Table } from '../reply/reply.ts';
import { NOTHING } from '../reply/reply.ts';
import { bold, code, say } from '../reply/text.ts';

/** What a rescue has moved, by class and queue. */
export type RescuedTotals = {
  readonly count: number;
  /** Most jobs first. */
  readonly classes: readonly RescuedClass[];
};

export type RescuedClass = {
  readonly jobClass: string;
  readonly queue: string;
  readonly count: number;
  /** A few, to look up in logs. */
  readonly jids: readonly string[];
};

type RescuedPart = {
  readonly queue: string;
  readonly jobs: readonly {
    readonly digest: string;
    readonly jid: string | undefined;
    readonly jobClass: string;
  }[];
};

const FEW_JIDS = 3;
const SHOWN = 20;

/** Adds up the parts of a rescue; a job that was noted again after a kill counts once. */
export class RescuedTally {
  readonly #seen = new Set<string>();
  readonly #classes = new Map<string, { jobClass: string; queue: string; count: number; jids: string[] }>();

  add({ queue, jobs }: RescuedPart): void {
    for (const { digest, jid, jobClass } of jobs) {
      if (this.#seen.has(digest)) continue;
      this.#seen.add(digest);
      const key = JSON.stringify([queue, jobClass]);
      const known = this.#classes.get(key) ?? { jobClass, queue, count: 0, jids: [] };
      this.#classes.set(key, known);
      known.count += 1;
      if (jid !== undefined && known.jids.length < FEW_JIDS) known.jids.push(jid);
    }
  }

  totals(): RescuedTotals {
    const classes = [...this.#classes.values()].sort((one, other) => other.count - one.count);
    return { count: classes.reduce((sum, { count }) => sum + count, 0), classes };
  }
}

/** What `migrate rescued ACTION` says. */
export function rescuedAnswer(action: string, totals: RescuedTotals, buttons: readonly Button[]): Answer {
  const more = totals.classes.length - SHOWN;
  const table: Table = {
    caption: 'By class and queue',
    columns: [
      { heading: 'Class', align: 'left' },
      { heading: 'Queue', align: 'left' },
      { heading: 'Jobs', align: 'right' },
      { heading: 'Some jids', align: 'left' },
    ],
    rows: totals.classes
      .slice(0, SHOWN)
      .map(({ jobClass, queue, count, jids }) => [jobClass, queue, exact(count), jids.join(', ') || NOTHING]),
    ...(more > 0 ? { more: `and ${counted(more, 'more class', 'more classes')}` } : {}),
  };
  return {
    type: 'answer',
    tone: 'neutral',
    headline: say`${bold(`${counted(totals.count, 'job was', 'jobs were')} rescued`)} by ${code(action)}`,
    parts: [{ type: 'table', table }],
    buttons,
    data: {
      action,
      count: totals.count,
      classes: totals.classes.map(({ jobClass, queue, count, jids }) => ({
        class: jobClass,
        queue,
        count,
        jids,
      })),
    },
  };
}
