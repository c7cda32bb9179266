import { duration } from './amounts.ts';

/** Three clocks at one moment. */
export type Clocks = {
  /** Of the machine that the bot runs on. */
  readonly ownMs: number;
  /** Of the store: what is agreed and kept goes by it, for all bots share it. */
  readonly storeMs: number;
  /** Of Slack, the one that nobody here can have set wrong; undefined until it was heard. */
  readonly slackMs: number | undefined;
};

export type ClockTrouble = {
  readonly code: (typeof CLOCK_TROUBLES)[number];
  /** The verdict with its numbers, then what to do. */
  readonly sentence: string;
};

export const CLOCK_TROUBLES = ['refuses_slack', 'forgets_nothing', 'own_is_off'] as const;

/** Older requests are refused as replayed, by Bolt as Slack asks for it; nobody can make that wider. */
const SLACK_TOO_OLD_MS = 5 * 60_000;
/** What is forgotten an hour early was about to be forgotten; more needs a reason. */
const EARLY_MS = 60 * 60_000;
/** From so much on two clocks do not agree, for the doctor too. */
export const CLOCKS_OFF_MS = 60_000;

/**
 * The time by which things may be forgotten for good: the store's, as long as Slack's bears it out. A machine that boots with a clock months
 * ahead would drop at once what was to be kept for months; undefined until then.
 */
export function timeToForgetBy({ storeMs, slackMs }: Clocks): number | undefined {
  return slackMs !== undefined && storeMs - slackMs <= EARLY_MS ? storeMs : undefined;
}

/** What operators must know of them, worst first. Only over HTTP do Slack's requests bear a time that is looked at. */
export function clockTroubles(clocks: Clocks, isReachedOverHttp: boolean): readonly ClockTrouble[] {
  const { ownMs, storeMs, slackMs } = clocks;
  const found: ClockTrouble[] = [];
  if (isReachedOverHttp && slackMs !== undefined && ownMs - slackMs > SLACK_TOO_OLD_MS) {
    found.push({
      code: 'refuses_slack',
      sentence: `This machine’s clock is ${duration(ownMs - slackMs)} ahead of Slack’s: every command and press is refused as too old, and whoever pressed sees only that it failed. Let NTP set this clock.`,
    });
  }
  if (timeToForgetBy(clocks) === undefined) {
    const why =
      slackMs === undefined
        ? 'Slack has not said what time it is'
        : `The store’s clock is ${duration(storeMs - slackMs)} ahead of Slack’s`;
    found.push({
      code: 'forgets_nothing',
      sentence: `${why}: until the two agree no archive expires and no history is thinned. Let NTP set the clock of the machine that the store is on.`,
    });
  }
  const offMs = ownMs - storeMs;
  if (Math.abs(offMs) > CLOCKS_OFF_MS) {
    found.push({
      code: 'own_is_off',
      sentence: `This machine’s clock is ${duration(Math.abs(offMs))} ${offMs > 0 ? 'ahead of' : 'behind'} the store’s, which the bot goes by. Let NTP set the clocks of both machines.`,
    });
  }
  return found;
}
