import type { Suspect } from './suspect.ts';
import { isLikely, type Verdict } from './verdict.ts';

/** The two lines for people: what we dare to say, and the numbers behind it. Plain words, no markup. */
export function verdictSentences(verdict: Verdict): readonly [headline: string, reason: string] {
  switch (verdict.kind) {
    case 'no crash':
      return ['No worker process has crashed.', 'Clean stops and deploys do not count as crashes.'];
    case 'likely':
    case 'suspected': {
      const { suspect, others, crashes } = verdict;
      return [
        [accusation(suspect), ...others.map(furtherAccusation)].join(' '),
        reasonFor(suspect, crashes.length),
      ];
    }
    case 'slow leak': {
      const { suspect, crashes } = verdict;
      if (suspect === undefined) {
        return [
          "Memory creeps up over the processes' lives; no class stands out yet.",
          `${count(crashes.length, 'crash', 'crashes')}; what was in flight at the end says little about a slow leak.`,
        ];
      }
      return [
        `Memory creeps up over hours; it grows most while ${suspect.jobClass} runs (suspected).`,
        reasonFor(suspect, crashes.length),
      ];
    }
    case 'machine': {
      const { host, processes, withinMs } = verdict.loss;
      const seconds = Math.max(1, Math.ceil(withinMs / 1000));
      return [
        `${processes} processes on ${host} were lost within ${seconds} s: looks like the machine.`,
        `${count(verdict.crashes.length, 'crash', 'crashes')} in all; no class stands out.`,
      ];
    }
    case 'not enough evidence': {
      const { crashes, best, commonest } = verdict;
      const number = count(crashes.length, 'crash', 'crashes');
      if (commonest === undefined)
        return [`${number}; no job was known to be in flight.`, 'Not enough evidence.'];
      const scores = best.map(
        (one) => `${one.jobClass} (${percent(one.p)}, in ${one.crashes} of ${crashes.length})`,
      );
      return [
        `${number}; no class stands out: ${commonplace(commonest, crashes.length)}`,
        `Not enough evidence; the best two so far: ${scores.join(', ')}.`,
      ];
    }
    default:
      return verdict satisfies never;
  }
}

function accusation(suspect: Suspect): string {
  const { jobClass, p } = suspect;
  return isLikely(suspect)
    ? `${jobClass} is likely killing workers (${percent(p)}).`
    : `${jobClass} is suspected of killing workers (${percent(p)}).`;
}

function furtherAccusation(suspect: Suspect): string {
  const { jobClass, p } = suspect;
  return `${jobClass} is ${isLikely(suspect) ? 'likely' : 'suspected'} too (${percent(p)}).`;
}

function reasonFor(suspect: Suspect, all: number): string {
  const { crashes, workShare, grewKb, job } = suspect;
  const clauses = [
    `In flight in ${crashes} of ${count(all, 'crash', 'crashes')}`,
    `takes ${percent(workShare)} of worker time`,
    rateClause(suspect),
  ];
  if (grewKb !== undefined) clauses.push(`memory grew by ${memory(grewKb)} while it ran`);
  if (job !== undefined)
    clauses.push(`the same job (jid ${job.jid}) was in flight at ${job.crashes} crashes`);
  return `${clauses.join('; ')}.`;
}

function rateClause({ processShare, rateRatio }: Suspect): string {
  if (rateRatio !== undefined) return `processes crash ${times(rateRatio)} as often while it runs`;
  return `it is in ${percent(processShare)} of processes at any time, so there is little to compare with`;
}

function commonplace({ jobClass, crashes, processShare }: Suspect, all: number): string {
  const often = `${percent(processShare)} of processes at any time`;
  const link = processShare >= crashes / all / 2 ? 'but it is in' : 'and is in';
  return `${jobClass} was in ${crashes} of ${all}, ${link} ${often}.`;
}

const count = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`;

/** Never 0 % nor 100 %: nothing here is that sure. */
function percent(share: number): string {
  if (share > 0 && share < 0.01) return 'under 1 %';
  if (share > 0.99 && share < 1) return 'over 99 %';
  return `${Math.round(share * 100)} %`;
}

/** "46×", for people. */
export function times(ratio: number): string {
  if (ratio > 1000) return 'over 1000×';
  return `${ratio < 10 ? Math.round(ratio * 10) / 10 : Math.round(ratio)}×`;
}

function memory(kb: number): string {
  const mb = kb / 1024;
  return mb < 1000 ? `${Math.round(mb)} MB` : `${(mb / 1024).toFixed(1)} GB`;
}
