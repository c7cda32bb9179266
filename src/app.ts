import { COMMANDS } from '../commands/index.ts';
import type { TerminalConfig } from './config.ts';
import { Answering } from './flow/answer.ts';
import { Observer } from './flow/observe.ts';
import { createLog } from './log.ts';
import type { Clock, Log } from './ports.ts';
import { openReader } from './redis/reader.ts';
import { printJson, printReply } from './terminal/print.ts';

const CLOCK: Clock = {
  nowMs: Date.now,
  wait: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done);
    }),
};

/** A width that people's terminals have and that mails and tickets keep. */
const TERMINAL_WIDTH = 80;

/** The commands without Slack: read, print, end. */
export function openTerminal(config: TerminalConfig) {
  const observers = observersOf(config, createLog('silent'));
  const sidekiqs = observers.map((observer) => ({
    policy: observer.policy,
    observe: () => observer.observeTwice(),
    countBacklog: observer.countBacklog.bind(observer),
  }));
  const answering = new Answering(COMMANDS, sidekiqs, CLOCK);
  return {
    ask: async (
      words: readonly string[],
      { wantsJson, hasColour }: { wantsJson: boolean; hasColour: boolean },
    ) => {
      const reply = await answering.askLocally(words.map(quoted).join(' '));
      const text = wantsJson ? printJson(reply) : printReply(reply, { width: TERMINAL_WIDTH, hasColour });
      return { text, isRefusal: reply.type === 'refusal' };
    },
    close: async () => {
      await Promise.all(observers.map((observer) => observer.stop()));
    },
  };
}

function observersOf(config: TerminalConfig, log: Log): readonly Observer[] {
  return config.sidekiqs.map(({ policy, redisUrl, namespace }) => {
    const reader = openReader({ sidekiq: policy.name, url: redisUrl.reveal(), namespace, clock: CLOCK, log });
    return new Observer(policy, reader, CLOCK, log);
  });
}

/** The shell has taken the quotes off; our own parser must see one word again. */
function quoted(word: string): string {
  if (!/[\s"'“”‘’]/.test(word) && word !== '') return word;
  return word.includes('"') ? `'${word.replaceAll("'", '"')}'` : `"${word}"`;
}
