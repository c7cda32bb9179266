import { type Refusal, refuse } from './reply.ts';
import { say } from './text.ts';

/** For a command about one sidekiq that was handed none. */
export const NO_SIDEKIQ: Refusal = refuse(
  'no_sidekiq',
  say`There is no sidekiq to ask about here.`,
  say`The settings name the channels of each: ask in one of those.`,
);
