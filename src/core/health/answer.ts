import { counted, duration, exact, short } from '../amounts.ts';
import { usualCell, usuallyPhrase } from '../history/phrases.ts';
import type { Line } from '../reply/line.ts';
import { listed } from '../reply/listed.ts';
import { type Answer, type Button, NOTHING, type Part, type Table, type Tone } from '../reply/reply.ts';
import { at, bold, code, say, type Text } from '../reply/text.ts';
import type { Health, Verdict } from './assess.ts';
import { crashesPhrase } from './crashes.ts';
import { healthJson } from './json.ts';
import {
  donePhrase,
  errorsPhrase,
  lossesPhrase,
  memoryPhrase,
  motionPhrase,
  runningPhrase,
  waitingPhrase,
} from './phrases.ts';
import type { Reason } from './reason.ts';
import type { WaitingQueue } from './waiting.ts';

/** More reasons than these are read by nobody at night; the rest is counted. */
const SHOWN_REASONS = 6;
const SHOWN_QUEUES = 10;
const SHOWN_FAULTS = 3;

export const VERDICT_TONE: Readonly<Record<Verdict, Tone>> = {
  healthy: 'good',
  degraded: 'warning',
  incident: 'bad',
};

/** One sidekiq's health: the verdict with its reasons, then the five questions in the order in which they are asked. */
export function healthAnswer(health: Health, buttons: readonly Button[]): Answer {
  return {
    type: 'answer',
    tone: VERDICT_TONE[health.verdict],
    headline: headlineOf(health),
    parts: [
      ...reasonParts(health.reasons),
      questions(health),
      ...queueTable(health.waiting.queues),
      ...faultNote(health),
      { type: 'note', text: say`${joined(health.unknowns)}Read ${at(health.takenAtMs)}.` },
    ],
    buttons,
    data: healthJson(health),
  };
}

function headlineOf(health: Health): Text {
  const [worst] = health.reasons;
  if (worst === undefined) return say`${bold(`${health.sidekiq} is healthy.`)} ${quietly(health)}`;
  return say`${bold(`${health.sidekiq}: ${health.verdict}.`)} ${worst.text}`;
}

function quietly({ waiting, running }: Health): string {
  const waits = waiting.jobs === 0 ? 'Nothing waits' : counted(waiting.jobs, 'job waits', 'jobs wait');
  const verb = running.busy === 1 ? 'is' : 'are';
  const busy = `${exact(running.busy)} of ${exact(running.threads)} threads ${verb} busy`;
  const { progress } = waiting;
  const usually = waiting.usual === undefined ? '' : ` (${usuallyPhrase(waiting.usual)})`;
  return `${waits}${usually}, ${busy}${progress === undefined ? '' : `, ${donePhrase(progress)}`}.`;
}

function reasonParts(reasons: readonly Reason[]): readonly Part[] {
  const [worst, ...others] = reasons;
  if (worst === undefined) return [];
  const first: Part[] = worst.detail === undefined ? [] : [{ type: 'paragraph', text: worst.detail }];
  const shown = others.slice(0, SHOWN_REASONS);
  if (shown.length === 0) return first;
  const items = shown.map(({ tone, text, detail }) => ({
    tone,
    text: detail === undefined ? text : say`${text} ${detail}`,
  }));
  const left = others.length - shown.length;
  const more =
    left === 0 ? [] : [{ tone: 'neutral' as const, text: say`And ${counted(left, 'lesser reason')}.` }];
  return [...first, { type: 'list', items: [...items, ...more] }];
}

function questions({ waiting, running, memory, errors, losses, crashes }: Health): Part {
  return {
    type: 'facts',
    facts: [
      { label: 'Waiting', value: waitingPhrase(waiting) },
      { label: 'Running', value: runningPhrase(running) },
      { label: 'Redis', value: memoryPhrase(memory) },
      { label: 'Errors', value: errorsPhrase(errors, losses) },
      { label: 'Processes', value: say`${lossesPhrase(losses)}${watched(crashes)}` },
    ],
  };
}

function watched(crashes: Health['crashes']): Text {
  return crashes === undefined || crashes.overMs === 0 ? [] : say`. Watched: ${crashesPhrase(crashes)}`;
}

function queueTable(queues: readonly WaitingQueue[]): readonly Part[] {
  const needing = queues.filter(({ needsNumber }) => needsNumber);
  if (needing.length === 0) return [];
  const shown = needing.slice(0, SHOWN_QUEUES);
  const rest = queues.length - shown.length;
  const columns = QUEUE_COLUMNS.filter(({ isNeeded }) => isNeeded?.(shown) ?? true);
  return [
    {
      type: 'table',
      table: {
        caption: 'Queues that need a look, longest wait first',
        columns: columns.map(({ heading, align }) => ({ heading, align })),
        rows: shown.map((queue) => columns.map(({ cell }) => cell(queue))),
        ...(rest > 0 ? { more: `and ${counted(rest, 'more queue')} with jobs` } : {}),
      },
    },
  ];
}

type QueueColumn = Table['columns'][number] & {
  readonly cell: (queue: WaitingQueue) => string;
  readonly isNeeded?: (queues: readonly WaitingQueue[]) => boolean;
};

const QUEUE_COLUMNS: readonly QueueColumn[] = [
  { heading: 'Queue', align: 'left', cell: ({ name }) => name },
  { heading: 'Waiting', align: 'right', cell: ({ size }) => short(size) },
  {
    heading: 'Usual',
    align: 'right',
    cell: ({ usual }) => usualCell(usual),
    isNeeded: (queues) => queues.some(({ usual }) => usual !== undefined),
  },
  { heading: 'Next job waits', align: 'right', cell: waitCell },
  {
    heading: 'Promised',
    align: 'right',
    cell: ({ targetMs }) => (targetMs === undefined ? NOTHING : duration(targetMs)),
    isNeeded: (queues) => queues.some(({ targetMs }) => targetMs !== undefined),
  },
  { heading: 'Trend', align: 'left', cell: stateOf },
];

function waitCell({ latencyMs, usualWait }: WaitingQueue): string {
  const usually = usualWait === undefined ? '' : ` (usually ${duration(usualWait.median)})`;
  return `${duration(latencyMs)}${usually}`;
}

function stateOf({ service, motion }: WaitingQueue): string {
  switch (service) {
    case 'served':
      return motionPhrase(motion);
    case 'paused':
      return 'paused';
    case 'unserved':
      return 'no process serves it';
    case 'quieted':
      return 'only quiet processes';
    default:
      return service satisfies never;
  }
}

function faultNote({ faults }: Health): readonly Part[] {
  const lines = faults.map(({ where, sentence }): Line => {
    return { tone: 'neutral', text: say`${code(where)}: ${sentence}` };
  });
  return listed('Odd things found', lines, SHOWN_FAULTS);
}

function joined(sentences: readonly Text[]): Text {
  return sentences.flatMap((sentence) => [...sentence, ' ']);
}
