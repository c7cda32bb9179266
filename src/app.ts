import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { COMMANDS } from '../commands/index.ts';
import type { Config, TerminalConfig } from './config.ts';
import { UNKNOWN_ELEMENT } from './core/reply/unknown.ts';
import { Answering } from './flow/answer.ts';
import { Observer } from './flow/observe.ts';
import { turnsOver } from './flow/turns.ts';
import { Watching } from './flow/watching.ts';
import { createLog } from './log.ts';
import type { Clock, EvidenceStore, Log, Turns } from './ports.ts';
import { openReader } from './redis/reader.ts';
import { startSlack } from './slack/connect.ts';
import { answerStatus, type Status, startStatusServer } from './status-server.ts';
import { openStore } from './store/open.ts';
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

/** Who looks from a terminal watches nothing and keeps nothing; what the bot has seen it may read. */
const LOOKER: Turns = { tryHold: async () => false, release: async () => {} };

/** A width that people's terminals have and that mails and tickets keep. */
const TERMINAL_WIDTH = 80;

/**
 * The bot: looks at every sidekiq, answers in Slack, says over HTTP how it is itself. `onFatal` hears of a connection to
 * Slack that is lost for good. Disposing finishes what runs first.
 * @throws {SlackUnavailable}, {StoreError} and an error of the HTTP server, such as a taken port; then nothing is left open.
 */
export async function startApp(
  config: Config,
  log: Log,
  onFatal: (error: unknown) => void,
): Promise<AsyncDisposable> {
  await using opened = new AsyncDisposableStack();
  const store = opened.use(
    await openStore(config.databaseUrl.reveal(), { auditKey: config.auditKey?.reveal() }),
  );
  const turns = turnsOver(store, randomUUID());
  const observers = observersOf(config, log, store, turns);
  for (const observer of observers) opened.defer(() => observer.stop());
  const answering = new Answering(COMMANDS, observers, CLOCK);

  let isConnected = () => false;
  const status = (): Status => ({ trouble: isConnected() ? [] : ['not connected to Slack'] });
  const slack = await startSlack({
    settings: config.slack,
    http: { ...config.http, routes: statusRoutes(status) },
    answer: (question) => answering.ask(question),
    onAct: async () => UNKNOWN_ELEMENT,
    onForm: async () => UNKNOWN_ELEMENT,
    log,
    clock: CLOCK,
    onFatal,
  });
  opened.defer(() => slack.stop());
  isConnected = slack.isConnected;
  // In HTTP mode Slack's own server answers these too.
  if (config.slack.mode.type === 'socket') opened.use(await startStatusServer(config.http, status));
  for (const observer of observers) observer.start();
  return opened.move();
}

function statusRoutes(status: () => Status) {
  return ['/healthz', '/readyz'].map((path) => ({
    path,
    method: 'GET',
    handler: (request: IncomingMessage, response: ServerResponse) => answerStatus(request, response, status),
  }));
}

/** The commands without Slack: read, print, end. */
export function openTerminal(config: TerminalConfig) {
  const observers = observersOf(config, createLog('silent'), besideTheBot(config), LOOKER);
  const sidekiqs = observers.map((observer) => ({
    policy: observer.policy,
    observe: () => observer.observeTwice(),
    countBacklog: observer.countBacklog.bind(observer),
    suspicion: async (windowMs?: number) => {
      // The search for private lists goes on between two looks.
      await observer.observeTwice();
      return observer.suspicion(windowMs);
    },
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

/** What the bot has seen, read beside it. Where its store can't be read, nothing was seen: the answer says so. */
function besideTheBot(config: TerminalConfig): EvidenceStore {
  return {
    evidence: async (sidekiq) => {
      await using store = await openStore(config.databaseUrl.reveal(), { isReadOnly: true });
      return await store.evidence(sidekiq);
    },
    saveEvidence: async () => {},
  };
}

function observersOf(
  config: TerminalConfig,
  log: Log,
  store: EvidenceStore,
  turns: Turns,
): readonly Observer[] {
  return config.sidekiqs.map(({ policy, redisUrl, namespace }) => {
    const reader = openReader({ sidekiq: policy.name, url: redisUrl.reveal(), namespace, clock: CLOCK, log });
    const watching = new Watching(policy.name, {
      reader,
      store,
      turns,
      alerter: undefined,
      clock: CLOCK,
      log,
    });
    return new Observer(policy, reader, watching, CLOCK, log);
  });
}

/** The shell has taken the quotes off; our own parser must see one word again. */
function quoted(word: string): string {
  if (!/[\s"'“”‘’]/.test(word) && word !== '') return word;
  return word.includes('"') ? `'${word.replaceAll("'", '"')}'` : `"${word}"`;
}
