import { counted, duration, percent, short } from '../amounts.ts';
import { usualCell } from '../history/phrases.ts';
import { type Answer, type Button, NOTHING, type Part, type Tone } from '../reply/reply.ts';
import { at, bold, say, type Text } from '../reply/text.ts';
import { VERDICT_TONE } from './answer.ts';
import type { Health } from './assess.ts';
import { healthJson } from './json.ts';

/** One of several sidekiqs, or why it could not be read. */
export type Glance =
  | { readonly type: 'read'; readonly sidekiq: string; readonly health: Health }
  | { readonly type: 'unread'; readonly sidekiq: string; readonly sentence: string };

/** All sidekiqs in one table, the worst first, with a sentence for each that is not well. */
export function overviewAnswer(
  glances: readonly Glance[],
  nowMs: number,
  buttons: readonly Button[],
): Answer {
  const sorted = worstFirst(glances);
  return {
    type: 'answer',
    tone: overviewTone(sorted),
    headline: overviewHeadline(sorted),
    parts: [...troubles(sorted), tableOf(sorted), { type: 'note', text: say`Read ${at(nowMs)}.` }],
    buttons,
    data: {
      sidekiqs: glances.map((glance) =>
        glance.type === 'read'
          ? healthJson(glance.health)
          : { sidekiq: glance.sidekiq, verdict: null, unread: glance.sentence },
      ),
    },
  };
}

export function worstFirst(glances: readonly Glance[]): readonly Glance[] {
  return glances.toSorted((a, b) => rankOf(a) - rankOf(b));
}

/** Unread counts as the worst but one: nobody knows, so somebody has to look. */
function rankOf(glance: Glance): number {
  if (glance.type === 'unread') return 1;
  return { incident: 0, degraded: 2, healthy: 3 }[glance.health.verdict];
}

export function overviewTone(sorted: readonly Glance[]): Tone {
  const [worst] = sorted;
  if (worst === undefined) return 'neutral';
  return worst.type === 'unread' ? 'bad' : VERDICT_TONE[worst.health.verdict];
}

export function overviewHeadline(sorted: readonly Glance[]): Text {
  const [worst] = sorted;
  const healthy = sorted.filter((glance) => rankOf(glance) === 3).length;
  if (worst === undefined) return say`There is no sidekiq to ask about here.`;
  if (healthy === sorted.length) return say`${bold(`All ${counted(healthy, 'sidekiq')} are healthy.`)}`;
  const share = `${healthy} of ${counted(sorted.length, 'sidekiq is', 'sidekiqs are')} healthy.`;
  return say`${bold(share)} ${sentenceOf(worst)}`;
}

function sentenceOf(glance: Glance): Text {
  if (glance.type === 'unread') return say`${bold(`${glance.sidekiq} can't be read:`)} ${glance.sentence}`;
  const { verdict, reasons } = glance.health;
  return say`${bold(`${glance.sidekiq}: ${verdict}.`)} ${reasons[0]?.text ?? []}`;
}

function troubles(sorted: readonly Glance[]): readonly Part[] {
  const items = sorted
    .slice(1)
    .filter((glance) => rankOf(glance) < 3)
    .map((glance) => ({ tone: overviewTone([glance]), text: sentenceOf(glance) }));
  return items.length === 0 ? [] : [{ type: 'list', items }];
}

function tableOf(sorted: readonly Glance[]): Part {
  return {
    type: 'table',
    table: {
      caption: 'Every sidekiq, worst first',
      columns: [
        { heading: 'Sidekiq', align: 'left' },
        { heading: 'Verdict', align: 'left' },
        { heading: 'Waiting', align: 'right' },
        { heading: 'Usual', align: 'right' },
        { heading: 'Longest wait', align: 'right' },
        { heading: 'Busy', align: 'right' },
        { heading: 'Redis', align: 'right' },
      ],
      rows: sorted.map((glance) =>
        glance.type === 'unread'
          ? [glance.sidekiq, 'unread', NOTHING, NOTHING, NOTHING, NOTHING, NOTHING]
          : rowOf(glance.sidekiq, glance.health),
      ),
    },
  };
}

function rowOf(sidekiq: string, { verdict, waiting, running, memory }: Health): readonly string[] {
  const [longest] = waiting.queues;
  return [
    sidekiq,
    verdict,
    short(waiting.jobs),
    usualCell(waiting.usual),
    longest === undefined ? NOTHING : duration(longest.latencyMs),
    `${short(running.busy)} of ${short(running.threads)}`,
    memory.usedShare === undefined ? NOTHING : percent(memory.usedShare, 1),
  ];
}

/** How to see one of them in full. */
export function askButtons(glances: readonly Glance[], atMost: number): readonly Button[] {
  return worstFirst(glances.filter(({ type }) => type === 'read'))
    .slice(0, atMost)
    .map(({ sidekiq }) => ({ type: 'ask', label: `Health of ${sidekiq}`, command: `health on ${sidekiq}` }));
}
