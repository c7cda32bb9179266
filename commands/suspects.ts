import { refusalOfClass } from '../src/core/actions/purge-refusals.ts';
import { parseDuration } from '../src/core/duration.ts';
import { nearest } from '../src/core/nearest.ts';
import type { SidekiqPolicy } from '../src/core/policy.ts';
import { NO_SIDEKIQ } from '../src/core/reply/no-sidekiq.ts';
import { type Button, type Refusal, type Reply, refuse } from '../src/core/reply/reply.ts';
import { code, codes, say } from '../src/core/reply/text.ts';
import type { Suspects } from '../src/core/suspects/account.ts';
import { suspectsAnswer } from '../src/core/suspects/answer.ts';
import { crashesWith, whyAnswer } from '../src/core/suspects/why.ts';
import { asWord } from '../src/core/words/as-word.ts';
import type { Command } from '../src/flow/command.ts';

const SHORTEST_WINDOW_MS = 60_000;
const EXPLAINED = 2;
/** A class below this is asked about by nobody; the likeliest always is. */
const EXPLAINED_P = 0.1;
const SUGGESTED = 3;

export const suspects: Command<Reply> = {
  name: 'suspects',
  usage: 'suspects [WINDOW] [--why CLASS]',
  summary: 'which job class is crashing the workers, how sure that is, and why',
  words: { max: 1, options: { why: 'one' } },
  sidekiqs: 'one',
  async run({ words, options }, context): Promise<Reply> {
    const [sidekiq] = context.sidekiqs;
    if (sidekiq === undefined) return NO_SIDEKIQ;
    const [window] = words;
    const windowMs = window === undefined ? undefined : parseDuration(window);
    if (window !== undefined && (windowMs === undefined || windowMs < SHORTEST_WINDOW_MS))
      return wrongWindow(window);
    const { name } = sidekiq.policy;
    const found: Suspects = { sidekiq: name, windowMs, ...(await sidekiq.suspicion(windowMs)) };
    const again: readonly Button[] = [{ type: 'refresh', command: context.typed }, { type: 'share' }];
    const [why] = options.get('why') ?? [];
    const asked = window === undefined ? 'suspects' : `suspects ${window}`;
    if (why === undefined) {
      return suspectsAnswer(found, [...ofTheClass(found, sidekiq.policy), ...leads(found, asked), ...again]);
    }
    if (crashesWith(found, why).length === 0) return neverInFlight(found, why, asked);
    return whyAnswer(found, why, [
      { type: 'ask', label: 'Suspects', command: `${asked} on ${name}` },
      ...again,
    ]);
  },
};

/** Where it waits and what could be done, where a class is named and may be purged at all. */
function ofTheClass({ account: { verdict } }: Suspects, { name, classes }: SidekiqPolicy): readonly Button[] {
  if (verdict.kind !== 'likely' && verdict.kind !== 'suspected') return [];
  const { jobClass } = verdict.suspect;
  const word = asWord(jobClass);
  if (word === undefined || refusalOfClass(jobClass, classes) !== undefined) return [];
  return [
    { type: 'ask', label: 'Where it waits', command: `purge ${word} --plan on ${name}` },
    { type: 'ask', label: 'Propose purge', command: `purge ${word} on ${name}` },
  ];
}

function leads({ sidekiq, account }: Suspects, asked: string): readonly Button[] {
  const why = account.ranked
    .filter(({ p }, rank) => rank === 0 || p >= EXPLAINED_P)
    .slice(0, EXPLAINED)
    .map(({ jobClass }): Button => {
      return {
        type: 'ask',
        label: `Why ${jobClass}`,
        command: `${asked} --why ${quoted(jobClass)} on ${sidekiq}`,
      };
    });
  return [...why, { type: 'ask', label: 'Backlog', command: `backlog on ${sidekiq}` }];
}

function neverInFlight({ sidekiq, account }: Suspects, why: string, asked: string): Refusal {
  const names = [
    ...new Set(account.crashes.flatMap(({ inFlight }) => inFlight.map(({ jobClass }) => jobClass))),
  ];
  const near = nearest(why, names, SUGGESTED);
  return refuse(
    'never_in_flight',
    say`${code(why)} was in flight at none of the crashes that were watched.`,
    near.length === 0
      ? say`Leave ${code('--why')} out to see them all.`
      : say`Did you mean ${codes(near, ' or ')}?`,
    [
      ...near.map((name): Button => {
        return { type: 'ask', label: name, command: `${asked} --why ${quoted(name)} on ${sidekiq}` };
      }),
      { type: 'ask', label: 'Suspects', command: `${asked} on ${sidekiq}` },
    ],
  );
}

/** A class is a foreign word: what would be taken for two words or an option goes in quotes. */
function quoted(word: string): string {
  if (/^[A-Za-z_][\w:.]*$/.test(word)) return word;
  return word.includes('"') ? `'${word}'` : `"${word}"`;
}

function wrongWindow(window: string): Refusal {
  return refuse(
    'wrong_window',
    say`${code(window)} is no length of time from a minute on.`,
    say`Write it like ${code('30m')} or ${code('2h')}, or leave it out for all that is kept, a day at most.`,
    [{ type: 'ask', label: 'Suspects', command: 'suspects' }],
  );
}
