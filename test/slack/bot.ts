import type { Answer as Reply } from '../../src/core/reply/reply.ts';
import { say, type Text } from '../../src/core/reply/text.ts';
import { UNKNOWN_ELEMENT } from '../../src/core/reply/unknown.ts';
import type { Clock, Log } from '../../src/ports/host.ts';
import type { Memo, Memos } from '../../src/ports/memory.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { type SlackConnection, type SlackOptions, startSlack } from '../../src/slack/connect.ts';
import type { Answer } from '../../src/slack/conversation.ts';

/** The bot's Slack side, whole and unmodified, against the stand-in for Slack. */
export type Bot = AsyncDisposable & {
  readonly sandbox: Sandbox;
  readonly slack: SlackConnection;
  readonly lines: LogLine[];
  readonly fatal: unknown[];
};

export type LogLine = { readonly level: string; readonly fields: object; readonly message: string };

export const CHANNEL = 'C0PAYROLL';

export async function startBot(
  answer: Answer,
  options: Partial<SlackOptions> = {},
  given?: Sandbox,
): Promise<Bot> {
  const sandbox = given ?? (await startSandbox());
  const lines: LogLine[] = [];
  const fatal: unknown[] = [];
  const slack = await startSlack({
    settings: {
      botToken: hidden(sandbox.botToken),
      apiUrl: sandbox.apiUrl,
      mode: { type: 'socket', appToken: hidden(sandbox.appToken) },
    },
    http: { host: '127.0.0.1', port: 0, routes: [] },
    answer,
    ...UNKNOWING,
    log: logInto(lines),
    clock: CLOCK,
    onFatal: (error) => fatal.push(error),
    ...options,
  });
  return {
    sandbox,
    slack,
    lines,
    fatal,
    [Symbol.asyncDispose]: async () => {
      await slack.stop();
      await sandbox[Symbol.asyncDispose]();
    },
  };
}

/** What bots of one store would find there. */
export function memosInMemory(): Memos {
  const kept = new Map<string, Memo>();
  return {
    addMemo: async (memo) => !kept.has(memo.id) && kept.set(memo.id, memo) !== undefined,
    memo: async (id) => kept.get(id)?.body,
    removeMemo: async (id) => void kept.delete(id),
    forgetMemos: async () => {},
  };
}

/** Knows no acts and no forms, and shows nothing on Home. */
export const UNKNOWING = {
  onAct: async () => UNKNOWN_ELEMENT,
  onForm: async () => UNKNOWN_ELEMENT,
  home: async () => UNKNOWN_ELEMENT,
  memos: memosInMemory(),
};

export const hidden = (value: string) => ({ reveal: () => value });

export function logInto(lines: LogLine[]): Log {
  const write = (level: string) => (fields: object, message: string) => {
    lines.push({ level, fields, message });
  };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}

export const CLOCK: Clock = {
  nowMs: Date.now,
  steadyMs: () => performance.now(),
  wait: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const timer = setTimeout(resolve, ms);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    }),
};

export function answerOf(headline: Text, more: Partial<Reply> = {}): Reply {
  return { type: 'answer', tone: 'good', headline, parts: [], buttons: [], data: null, ...more };
}

/** Answers with what was asked. */
export const echo: Answer = async ({ text }) => answerOf(say`You asked: ${text}`);

/** Asks as that person in that channel. */
export const ask = (bot: Bot, text: string, as = 'U0ANN', channel = CHANNEL) =>
  bot.sandbox.people.say({ as, channel, text: `/sidekiq ${text}` });

/** Waits for a message that person sees, with that in its words. */
export const seen = (bot: Bot, words: string, as = 'U0ANN') =>
  bot.sandbox.people.waitForMessage(as, ({ text }) => text.includes(words));
