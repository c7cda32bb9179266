import { counted } from '../../core/amounts.ts';
import type { PurgeEnd } from '../../ports/acting.ts';
import type { Outcome } from '../guarded.ts';

/** Undefined while there is reason to go on. */
export function endedBy(end: PurgeEnd): Outcome | undefined {
  switch (end.type) {
    case 'clean':
    case 'still_coming':
      return undefined;
    case 'stopped':
      return stopped(end);
    case 'cap_reached':
      return {
        type: 'failed',
        reason: `${counted(end.archived, 'job')} are archived, and no more were approved; there are more. Propose it again to take those.`,
      };
    case 'superseded':
    case 'refused':
      return { type: 'failed', reason: [end.sentence, soFar(end), ...end.losses].join(' ') };
    default:
      return end.type satisfies never;
  }
}

export function stopped(end: PurgeEnd, back = ''): Outcome {
  const rest = 'Nothing is parked; the rest stays where it is.';
  return { type: 'stopped', result: [soFar(end), ...end.losses, back, rest].filter(Boolean).join(' ') };
}

function soFar({ archived, taken }: PurgeEnd): string {
  const gone = taken === 0 ? '' : `, and workers took ${taken} first`;
  return `${counted(archived, 'job')} were archived${gone}.`;
}

export function sentenceOf(end: PurgeEnd): string {
  const verdict = end.type === 'clean' ? 'None is left.' : `They kept coming: ${end.sentence}`;
  return [verdict, soFar(end), ...end.losses, ...end.leftAlone].join(' ');
}
