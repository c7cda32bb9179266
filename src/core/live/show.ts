import { duration, short } from '../amounts.ts';
import { healthAnswer, VERDICT_TONE } from '../health/answer.ts';
import type { Health } from '../health/assess.ts';
import type { ActButton, Answer, Button } from '../reply/reply.ts';
import { at, bold, person, say, type Text } from '../reply/text.ts';
import type { Live, Pulse } from './live.ts';

/** The acts of watching together. They stand in messages for days: never give one another meaning. */
export const LIVE_ACTS = { start: 'live.start', stop: 'live.stop' } as const;

/** Stands below a health answer that was shared; it carries the sidekiq's name. */
export function watchButton(sidekiq: string): ActButton {
  return {
    type: 'act',
    act: LIVE_ACTS.start,
    label: 'Watch live 30 min',
    value: sidekiq,
    isForChannel: true,
  };
}

/** A fresh look, or why there is none. */
export type Seen = { readonly health: Health } | { readonly unread: string };

/** While it is live. */
export function liveMessage(live: Live, seen: Seen): Answer {
  const stop: Button = { type: 'act', act: LIVE_ACTS.stop, label: 'Stop watching', value: live.sidekiq };
  const note = say`${bold('Live')} until ${at(live.untilMs)}, started by ${person(live.by)}. Edited every 30 s.`;
  return framed(live, seen, note, [...asks(live), stop]);
}

/** The last word: how it ended, and what changed while people watched. */
export function frozenMessage(live: Live, seen: Seen, nowMs: number): Answer {
  const { by, stoppedBy, untilMs, startedAtMs } = live;
  const isLate = stoppedBy === null && nowMs - untilMs > LATE_MS;
  const end =
    stoppedBy === null
      ? say`it ran its half hour${isLate ? say`, at whose end (${at(untilMs)}) I was not running` : ''}`
      : say`${person(stoppedBy)} stopped it after ${duration(nowMs - startedAtMs)}`;
  const note = say`${bold('No longer live:')} ${end}. Started by ${person(by)} ${at(startedAtMs)}.${changeIn(live, seen, nowMs)}`;
  return framed(live, seen, note, [...asks(live), watchButton(live.sidekiq)]);
}

/** A bot that is not busy freezes within seconds. */
const LATE_MS = 60_000;

export function pulseOf(seen: Seen, nowMs: number): Pulse | null {
  if ('unread' in seen) return null;
  return { verdict: seen.health.verdict, waiting: seen.health.waiting.jobs, atMs: nowMs };
}

function changeIn({ first, last }: Live, seen: Seen, nowMs: number): Text {
  const end = pulseOf(seen, nowMs) ?? last;
  if (first === null || end === null) return [];
  const verdict =
    first.verdict === end.verdict
      ? `It stayed ${end.verdict}`
      : `It went from ${first.verdict} to ${end.verdict}`;
  return say` ${verdict}; ${short(first.waiting)} waited at the beginning, ${short(end.waiting)} at the end.`;
}

function framed({ sidekiq }: Live, seen: Seen, note: Text, buttons: readonly Button[]): Answer {
  const first = { type: 'paragraph', text: note } as const;
  if ('health' in seen) {
    const answer = healthAnswer(seen.health, buttons);
    return { ...answer, parts: [first, ...answer.parts] };
  }
  return {
    type: 'answer',
    tone: VERDICT_TONE.incident,
    headline: say`${bold(`${sidekiq} can’t be read:`)} ${seen.unread}`,
    parts: [first],
    buttons,
    data: null,
  };
}

function asks({ sidekiq }: Live): readonly Button[] {
  return [
    { type: 'ask', label: 'Suspects', command: `suspects on ${sidekiq}` },
    { type: 'ask', label: 'Backlog', command: `backlog on ${sidekiq}` },
  ];
}
