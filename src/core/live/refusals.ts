import { duration } from '../amounts.ts';
import { type Refusal, refuse } from '../reply/reply.ts';
import { at, code, person, say } from '../reply/text.ts';
import { LIVE_SLOTS, type Live } from './live.ts';

export const NOT_SHARED: Refusal = refuse(
  'not_shared',
  say`Only an answer that stands in a channel can be watched together.`,
  say`Press Share first, then Watch live on what I post.`,
);

export const NOT_HERE: Refusal = refuse(
  'wrong_channel',
  say`That sidekiq may not be watched in this channel.`,
  say`Ask in a channel that its settings name, or have this one added under ${code('channels')}.`,
);

export const NOT_LIVE: Refusal = refuse(
  'not_live',
  say`This message is no longer live.`,
  say`Ask ${code('/sidekiq health')} for how it is now.`,
);

export function alreadyLive({ by, untilMs }: Live): Refusal {
  return refuse(
    'already_live',
    say`This is live already: ${person(by)} started it, until ${at(untilMs)}.`,
    say`Just watch; it is edited every 30 s.`,
  );
}

/** Nobody runs many at once: whoever starts one ends their own first. */
export function hasOneAlready({ sidekiq, untilMs }: Live, nowMs: number): Refusal {
  return refuse(
    'one_each',
    say`You have made ${code(sidekiq)} live already, for ${duration(untilMs - nowMs)} more, and each person can run one.`,
    say`Press Stop watching there, or let somebody else start this one.`,
  );
}

export const ALL_TAKEN: Refusal = refuse(
  'too_many_live',
  say`${LIVE_SLOTS} messages are live already, and more edits than theirs Slack would not take.`,
  say`Stop one of them, or wait until one freezes.`,
);
