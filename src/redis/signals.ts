import { readFileSync } from 'node:fs';
import { sidekiqKeys } from '../core/sidekiq/keys.ts';
import type { SentSignal, Signals } from '../ports/acting.ts';
import type { Log } from '../ports/host.ts';
import { ask } from './ask.ts';
import { connect } from './connect.ts';
import type { OwnLoad } from './own-load.ts';

/** As Sidekiq's own API does it (lib/sidekiq/api.rb, Process#signal): a signal that nobody takes is forgotten. */
const SIGNAL_LIFE_S = 60;
/** Longer than any action can be interrupted and resumed. */
const MARK_LIFE_S = 7 * 86_400;

const ANSWERS: ReadonlyMap<unknown, SentSignal> = new Map([
  [1, 'sent'],
  [0, 'sent before'],
  [-1, 'process gone'],
  [-2, 'quiet already'],
]);

export type SignalsOptions = {
  readonly sidekiq: string;
  readonly url: string;
  readonly namespace: string;
  readonly log?: Log;
  readonly load?: OwnLoad;
};

/** Writes into one sidekiq's Redis, and nothing but signals to its processes. */
export function openSignals({ namespace, ...access }: SignalsOptions): Signals {
  const connection = connect(access);
  const keys = sidekiqKeys(namespace);
  const script = readFileSync(new URL('./quiet-once.lua', import.meta.url), 'utf8');
  // Ours, so outside of redis-namespace.
  const markOf = (actionId: string) => `poison-control:quieted:${actionId}`;
  return {
    quiet: async (identity, actionId, signal = 'TSTP') => {
      const names = [keys.process(identity), keys.signals(identity), markOf(actionId)];
      const [reply] = await ask(connection, [
        ['EVAL', script, 3, ...names, SIGNAL_LIFE_S, MARK_LIFE_S, signal],
      ]);
      if (reply?.ok !== true) return { refusal: reply?.refusal ?? 'no answer' };
      const sent = ANSWERS.get(reply.value);
      if (sent === undefined) throw new TypeError('quiet-once.lua answered what its contract does not name');
      return sent;
    },
    wasQuieted: async (actionId) => {
      const [reply] = await ask(connection, [['EXISTS', markOf(actionId)]]);
      return reply?.ok === true && reply.value === 1;
    },
    close: async () => connection.close(),
  };
}
