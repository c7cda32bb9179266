import { duration, nth } from '../amounts.ts';
import type { Answer, Button, Part } from '../reply/reply.ts';
import { at, bold, person, say, type Text } from '../reply/text.ts';
import type { Ack } from './acks.ts';
import { endOf } from './alert.ts';
import type { ToldAlert } from './digest.ts';
import { gravest } from './trouble.ts';
import { closingWords, correctionWords, detailWords, openWords } from './words.ts';

/** Nobody is told anything new about it until then. */
export type Mute = { readonly untilMs: number; readonly by: string };

/** How people have taken it up. */
export type Handling = { readonly mute: Mute | undefined; readonly ack: Ack | undefined };

const UNHANDLED: Handling = { mute: undefined, ack: undefined };

/** What is wrong leads, then what is over, then what was none. */
const LEADS: readonly ToldAlert['phase'][] = ['open', 'closed', 'corrected'];

/** The message of a digest, in its newest state: the gravest trouble, the others, what to press. */
export function digestMessage(
  sidekiq: string,
  id: string,
  alerts: readonly ToldAlert[],
  handling: Handling,
): Answer {
  const [first, ...others] = LEADS.flatMap((phase) =>
    gravest(alerts.filter((alert) => alert.phase === phase)),
  );
  if (first === undefined) throw new Error(`the digest ${id} tells of nothing`);
  const isOpen = first.phase === 'open';
  const lengthMs = lengthOf(first.phase === 'closed' ? alerts : [first]);
  return {
    type: 'answer',
    tone: isOpen ? 'bad' : 'good',
    headline: say`${bold(`${sidekiq}:`)} ${headlineOf(first, lengthMs)}`,
    parts: [
      ...detailOf(first),
      ...(others.length === 0 ? [] : [listOf(others)]),
      ...(isOpen ? notes(handling) : []),
    ],
    buttons: buttonsOf(sidekiq, id, isOpen, handling),
    data: null,
  };
}

/** What the thread is told when an alert joins or changes its phase, so that those who follow it hear of it. */
export function followUp(sidekiq: string, alert: ToldAlert): Answer {
  return { ...digestMessage(sidekiq, alert.key, [alert], UNHANDLED), buttons: [] };
}

/** The last word in the thread, when nothing of it is open any more: how long it was, and all that happened. */
export function lastWord(sidekiq: string, alerts: readonly ToldAlert[]): Answer {
  return { ...digestMessage(sidekiq, '', alerts, UNHANDLED), buttons: [] };
}

/** Brought up again for those who were not there. */
export function reminder(sidekiq: string, alerts: readonly ToldAlert[], nowMs: number): Answer {
  const message = digestMessage(sidekiq, '', alerts, UNHANDLED);
  const sinceMs = Math.min(...alerts.filter(({ phase }) => phase === 'open').map((alert) => alert.sinceMs));
  const [name = '', ...words] = message.headline;
  const unheard = duration(nowMs - sinceMs);
  return { ...message, headline: say`${name} nobody has taken this up for ${unheard}:${words}`, buttons: [] };
}

function headlineOf(alert: ToldAlert, lengthMs = lengthOf([alert])): Text {
  const { phase, trouble, sinceMs, times } = alert;
  switch (phase) {
    case 'open':
      return times === 1
        ? openWords(trouble, sinceMs)
        : say`again, ${nth(times)} time: ${openWords(trouble, sinceMs)}`;
    case 'corrected':
      return say`taken back: ${correctionWords(trouble)}`;
    case 'closed':
      return say`over after ${duration(lengthMs)}${times === 1 ? '' : `, ${nth(times)} time`}: ${closingWords(trouble)}`;
    default:
      return phase satisfies never;
  }
}

/**
 * From the first beginning to the last end. What was taken back is no part of it, and a class under suspicion stays so for
 * half an hour after the trouble that it made.
 */
function lengthOf(alerts: readonly ToldAlert[]): number {
  const ended = alerts.filter(({ phase }) => phase !== 'corrected');
  const troubles = ended.filter(({ trouble }) => trouble.kind !== 'likely class');
  const real = troubles.length > 0 ? troubles : ended;
  return Math.max(...real.map(endOf)) - Math.min(...real.map(({ sinceMs }) => sinceMs));
}

function detailOf({ trouble, phase }: ToldAlert): readonly Part[] {
  const isShown = phase === 'open' || (phase === 'closed' && hasLastingDetail(trouble.kind));
  const text = isShown ? detailWords(trouble) : [];
  return text.length === 0 ? [] : [{ type: 'paragraph', text }];
}

/** Which and where is worth knowing when it is over, too; numbers of a moment are not. */
function hasLastingDetail(kind: ToldAlert['trouble']['kind']): boolean {
  return kind === 'crash loop' || kind === 'likely class';
}

function listOf(others: readonly ToldAlert[]): Part {
  return {
    type: 'list',
    items: others.map((alert) => ({
      tone: alert.phase === 'open' ? ('bad' as const) : ('good' as const),
      text: capitalised(headlineOf(alert)),
    })),
  };
}

function capitalised([first, ...rest]: Text): Text {
  if (typeof first !== 'string') return first === undefined ? [] : [first, ...rest];
  return [`${first.charAt(0).toUpperCase()}${first.slice(1)}`, ...rest];
}

function notes({ mute, ack }: Handling): readonly Part[] {
  const acked =
    ack === undefined
      ? []
      : [{ type: 'note', text: say`Acknowledged by ${person(ack.by)} ${at(ack.atMs)}.` } as const];
  const muted =
    mute === undefined
      ? []
      : [{ type: 'note', text: say`Muted by ${person(mute.by)} until ${at(mute.untilMs)}.` } as const];
  return [...acked, ...muted];
}

function buttonsOf(sidekiq: string, id: string, isOpen: boolean, { mute, ack }: Handling): readonly Button[] {
  const asks = (['suspects', 'backlog', 'health'] as const).map((name): Button => {
    return {
      type: 'ask',
      label: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      command: `${name} on ${sidekiq}`,
    };
  });
  if (!isOpen) return asks;
  // The name of a sidekiq has no space in it.
  const value = `${sidekiq} ${id}`;
  const acks: readonly Button[] =
    ack === undefined ? [{ type: 'act', act: 'alert.acknowledge', label: 'Acknowledge', value }] : [];
  const mutes: Button =
    mute === undefined
      ? { type: 'act', act: 'alert.mute', label: 'Mute 1 h', value }
      : { type: 'act', act: 'alert.unmute', label: 'Unmute', value };
  return [...asks, ...acks, mutes];
}

/** What stands in a button of an alert. */
export function parseAlertValue(
  value: string,
): { readonly sidekiq: string; readonly digestId: string } | undefined {
  const space = value.indexOf(' ');
  return space <= 0 ? undefined : { sidekiq: value.slice(0, space), digestId: value.slice(space + 1) };
}
