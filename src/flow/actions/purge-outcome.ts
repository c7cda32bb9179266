import { counted } from '../../core/amounts.ts';
import type { PurgeEnd } from '../../ports/acting.ts';
import type { Outcome } from '../guarded.ts';

/** Is there reason to go on looking? */
export function goesOn({ type }: PurgeEnd): boolean {
  return type === 'clean' || type === 'unproven' || type === 'still_coming';
}

/** How a purge ended, in the words of its record; `told` is what else was seen. */
export function outcomeOf(end: PurgeEnd, told: readonly string[]): Outcome {
  const { losses, leftAlone, sentence } = end;
  const all = [soFar(end), ...losses, ...told];
  switch (end.type) {
    case 'clean':
      return { type: 'done', result: ['None is left.', ...all, ...leftAlone].join(' ') };
    case 'unproven': {
      const found = `None more was found, but it is not proven that none is left: ${sentence}`;
      return { type: 'done', result: [found, ...all, ...leftAlone].join(' ') };
    }
    case 'still_coming': {
      const kept = `They kept coming to the last: ${sentence} Sweep longer takes what comes now.`;
      return { type: 'failed', reason: [kept, ...all, ...leftAlone].join(' ') };
    }
    case 'stopped': {
      const rest = 'Nothing is parked; the rest stays where it is.';
      return { type: 'stopped', result: [...all, rest].join(' ') };
    }
    case 'cap_reached': {
      const more = 'No more were approved, and there are more. Propose it again to take those.';
      return { type: 'failed', reason: [...all, more].join(' ') };
    }
    case 'superseded':
    case 'refused':
      return { type: 'failed', reason: [sentence, ...all].join(' ') };
    default:
      return end.type satisfies never;
  }
}

function soFar({ archived, taken }: PurgeEnd): string {
  return `${counted(archived, 'job was', 'jobs were')} archived, and ${counted(taken, 'was', 'were')} taken by workers first.`;
}
