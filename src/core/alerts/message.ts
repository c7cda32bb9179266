import { counted, duration, exact, percent } from '../amounts.ts';
import type { Answer, Button, Part } from '../reply/reply.ts';
import { at, bold, code, person, say, type Text } from '../reply/text.ts';
import type { Alert, Trouble } from './alert.ts';

/** Nobody is told anything new about it until then. */
export type Mute = { readonly untilMs: number; readonly by: string };

/** The message of an alert, in its newest state: the verdict, the numbers, what to press. */
export function alertMessage(sidekiq: string, alert: Alert, mute: Mute | undefined): Answer {
  return {
    type: 'answer',
    tone: alert.phase === 'open' ? 'bad' : 'good',
    headline: say`${bold(`${sidekiq}:`)} ${headlineOf(alert)}`,
    parts: [...detailOf(alert), ...muteNote(alert, mute)],
    buttons: buttonsOf(sidekiq, alert, mute),
    data: null,
  };
}

/** What the thread is told when an alert changes its phase, so that those who follow it hear of it. */
export function alertFollowUp(sidekiq: string, alert: Alert): Answer {
  const message = alertMessage(sidekiq, alert, undefined);
  return { ...message, buttons: [] };
}

function headlineOf(alert: Alert): Text {
  switch (alert.phase) {
    case 'open':
      return openHeadline(alert.trouble, alert.sinceMs);
    case 'corrected':
      return say`taken back: ${correction(alert.trouble)}`;
    case 'closed':
      return say`over after ${duration(endOf(alert) - alert.sinceMs)}: ${closing(alert.trouble)}`;
    default:
      return alert.phase satisfies never;
  }
}

/** That it is over is only known when it has been calm for a while. */
function endOf({ trouble, phaseAtMs }: Alert): number {
  return trouble.kind === 'crash loop' ? trouble.lastCrashAtMs : phaseAtMs;
}

function openHeadline(trouble: Trouble, sinceMs: number): Text {
  switch (trouble.kind) {
    case 'crash loop':
      return say`worker processes keep crashing: ${exact(trouble.crashes)} since ${at(sinceMs)}.`;
    case 'likely class':
      return say`${code(trouble.jobClass)} is likely killing workers (${percent(trouble.p, 1)}).`;
    case 'stranded jobs':
      return say`${counted(trouble.jobs, 'job is', 'jobs are')} stranded: the processes that had taken them are dead.`;
    default:
      return trouble satisfies never;
  }
}

function correction(trouble: Trouble): Text {
  if (trouble.kind === 'likely class')
    return say`the evidence no longer points to ${code(trouble.jobClass)}.`;
  return say`the processes that were held for dead beat again.`;
}

function closing(trouble: Trouble): Text {
  switch (trouble.kind) {
    case 'crash loop':
      return say`no worker process crashes any more. It was ${counted(trouble.crashes, 'crash', 'crashes')}.`;
    case 'likely class':
      return say`no crash for half an hour. ${code(trouble.jobClass)} was in flight in ${exact(trouble.crashes)} of ${counted(trouble.allCrashes, 'crash', 'crashes')}.`;
    case 'stranded jobs':
      return say`no job is stranded any more. It was ${counted(trouble.mostJobs, 'job')} at most.`;
    default:
      return trouble satisfies never;
  }
}

function detailOf({ trouble, phase }: Alert): readonly Part[] {
  if (phase === 'corrected') return [];
  switch (trouble.kind) {
    case 'crash loop': {
      const where = say`On ${counted(trouble.hosts, 'host')}, the last at ${at(trouble.lastCrashAtMs)}.`;
      const who = trouble.suspicion === undefined ? [] : say` ${trouble.suspicion}`;
      return [{ type: 'paragraph', text: say`${where}${who}` }];
    }
    case 'likely class': {
      const seen = `In flight in ${exact(trouble.crashes)} of ${counted(trouble.allCrashes, 'crash', 'crashes')}; takes ${percent(trouble.workShare, 1)} of worker time.`;
      const cost = `It cost ${counted(trouble.threadsLost, 'thread')} and ${counted(trouble.innocentsKilled, 'job')} of other classes.`;
      return [{ type: 'paragraph', text: say`${seen} ${cost}` }];
    }
    case 'stranded jobs':
      if (phase === 'closed') return [];
      return [
        {
          type: 'paragraph',
          text: say`They lie in ${counted(trouble.lists, 'private list')} and wait until something puts them back.`,
        },
      ];
    default:
      return trouble satisfies never;
  }
}

function muteNote({ phase }: Alert, mute: Mute | undefined): readonly Part[] {
  if (mute === undefined || phase !== 'open') return [];
  return [{ type: 'note', text: say`Muted by ${person(mute.by)} until ${at(mute.untilMs)}.` }];
}

function buttonsOf(sidekiq: string, { key, phase }: Alert, mute: Mute | undefined): readonly Button[] {
  const asks = (['suspects', 'backlog', 'health'] as const).map((name): Button => {
    return {
      type: 'ask',
      label: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      command: `${name} on ${sidekiq}`,
    };
  });
  if (phase !== 'open') return asks;
  const value = muteValue(sidekiq, key);
  return [
    ...asks,
    mute === undefined
      ? { type: 'act', act: 'alert.mute', label: 'Mute 1 h', value }
      : { type: 'act', act: 'alert.unmute', label: 'Unmute', value },
  ];
}

/** `payroll crash loop`: the name of a sidekiq has no space in it. */
export function muteValue(sidekiq: string, key: string): string {
  return `${sidekiq} ${key}`;
}

export function parseMuteValue(
  value: string,
): { readonly sidekiq: string; readonly key: string } | undefined {
  const space = value.indexOf(' ');
  return space <= 0 ? undefined : { sidekiq: value.slice(0, space), key: value.slice(space + 1) };
}
