import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { COMMANDS } from '../commands/index.ts';
import { policySettings } from './config/policy-settings.ts';
import type { Config, TerminalConfig } from './config.ts';
import type { ClassSearch } from './core/actions/purge-found.ts';
import { purging } from './flow/actions/purge.ts';
import { quieting } from './flow/actions/quiet.ts';
import { quietingOld } from './flow/actions/quiet-old.ts';
import { rescuing } from './flow/actions/rescue.ts';
import { restoring } from './flow/actions/restore.ts';
import { undoingRescues } from './flow/actions/undo-rescue.ts';
import { writingOff } from './flow/actions/write-off.ts';
import { Alerter } from './flow/alert.ts';
import { alertStoreOver } from './flow/alert-store.ts';
import { Answering, isAskForm } from './flow/answer.ts';
import { ArchiveExpiry } from './flow/expire-archives.ts';
import { TerminationFollower } from './flow/follow-terminations.ts';
import type { GuardedSidekiq } from './flow/guarded.ts';
import { openGuarding } from './flow/guarding.ts';
import { recordStart, recordStop } from './flow/lifecycle.ts';
import { MigrationGuide } from './flow/migration-guide.ts';
import { isMutePress, pressMute } from './flow/mute.ts';
import { Observer } from './flow/observe.ts';
import { recordsOf } from './flow/records.ts';
import { turnsOver } from './flow/turns.ts';
import { Watching } from './flow/watching.ts';
import { openTerminations } from './kubernetes/terminations.ts';
import { createLog } from './log.ts';
import type { Clock, EvidenceStore, Log, Store, Turns } from './ports.ts';
import { openPurger } from './redis/purge/purger.ts';
import { openReader } from './redis/reader.ts';
import { openRescuer } from './redis/rescue/rescuer.ts';
import { openRestorer } from './redis/restore/restorer.ts';
import { openSignals } from './redis/signals.ts';
import { startSlack } from './slack/connect.ts';
import { openSlack } from './slack/open.ts';
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
  const holder = holderOf(config);
  let isConnected = () => false;
  const status = (): Status => ({ trouble: isConnected() ? [] : ['not connected to Slack'] });
  // Before Slack, so that a taken port is known before anybody can ask. In HTTP mode Slack's own server answers these too.
  if (config.slack.mode.type === 'socket') opened.use(await startStatusServer(config.http, status));
  const access = await openSlack({ settings: config.slack, log, clock: CLOCK });
  const alerts = alertStoreOver(store);
  const { alertsChannel: channel } = config;
  const alerterOf = (sidekiq: string): Alerter | undefined =>
    channel === undefined
      ? undefined
      : new Alerter(sidekiq, { chat: access.chat, store: alerts, channel, clock: CLOCK, log });
  const observers = observersOf(config, log, { store, turns: turnsOver(store, holder), alerterOf });
  for (const observer of observers) opened.defer(() => observer.stop());
  await recordStart(store, CLOCK, { version: version(), settings: policySettings(config) });
  opened.defer(() =>
    recordStop(store, CLOCK).catch((error: unknown) => log.error({ err: error }, UNRECORDED)),
  );
  const sidekiqs = guardedSidekiqs(config, observers, { store, holder, log }, opened);
  const desk = { store, directory: access.directory, clock: CLOCK, log, sidekiqs };
  const guarding = openGuarding(desk, {
    chat: access.chat,
    holder,
    newId,
    auditChannel: config.auditChannel,
  });
  const records = recordsOf((read) => read(store), desk, config.auditKey?.reveal(), config.archive);
  const answering = new Answering(COMMANDS, observers, CLOCK, records, guarding.proposer);
  const names = config.sidekiqs.map(({ policy }) => policy.name);
  const slack = await startSlack(
    {
      settings: config.slack,
      http: { ...config.http, routes: statusRoutes(status) },
      answer: (question) => answering.ask(question),
      onAct: (pressed) =>
        isMutePress(pressed) ? pressMute(pressed, alerts, names, CLOCK.nowMs()) : guarding.onAct(pressed),
      onForm: (submitted) =>
        isAskForm(submitted) ? answering.submit(submitted) : guarding.onForm(submitted),
      log,
      clock: CLOCK,
      onFatal,
    },
    access,
  );
  opened.defer(() => slack.stop());
  // Ends before Slack does, so that what it hands over can still be shown.
  opened.use(guarding);
  isConnected = slack.isConnected;
  for (const observer of observers) observer.start();
  for (const observer of observers) {
    const guide = new MigrationGuide(observer, {
      chat: access.chat,
      notes: alerts,
      store,
      turns: turnsOver(store, holder),
      clock: CLOCK,
      log,
    });
    opened.defer(() => guide.stop());
    guide.start();
  }
  guarding.start();
  const expiry = new ArchiveExpiry(store, config.archive, CLOCK, log);
  opened.defer(() => expiry.stop());
  expiry.start();
  return opened.move();
}

/** As package.json says. */
function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return String(JSON.parse(text).version);
}

const UNRECORDED = 'that the bot stops could not be recorded';

/**
 * A SQLite file has one bot at a time, so who comes after a crash is the same holder and goes on at once. Bots that share a
 * PostgreSQL must be told apart, and wait until the lease of a dead one has run out.
 */
function holderOf({ databaseUrl }: Config): string {
  return databaseUrl.reveal().startsWith('sqlite:') ? 'bot' : randomUUID();
}

/** Short enough to be typed; whoever has one can do nothing with it alone. */
function newId(): string {
  return randomBytes(5)
    .reduce((number, byte) => number * 256 + byte, 0)
    .toString(36)
    .padStart(8, '0');
}

/** Those who write to a sidekiq are opened here and handed to nothing but its guarded actions. */
function guardedSidekiqs(
  config: Config,
  observers: readonly Observer[],
  { store, holder, log }: { readonly store: Store; readonly holder: string; readonly log: Log },
  opened: AsyncDisposableStack,
): readonly GuardedSidekiq[] {
  return config.sidekiqs.map(({ policy, redisUrl, namespace, approvals }) => {
    const access = { sidekiq: policy.name, url: redisUrl.reveal(), namespace, log };
    const signals = openSignals(access);
    opened.defer(() => signals.close());
    const purger = openPurger({ ...access, clock: CLOCK, archive: store });
    opened.defer(() => purger.close());
    const restorer = openRestorer({ ...access, clock: CLOCK, archive: store });
    opened.defer(() => restorer.close());
    const rescuer = openRescuer({ ...access, clock: CLOCK, archive: store });
    opened.defer(() => rescuer.close());
    const observer = observers.find((each) => each.policy.name === policy.name);
    if (observer === undefined) throw new Error(`${policy.name} has no observer`);
    return {
      policy,
      rules: approvals,
      actions: [
        quieting(observer, signals, CLOCK),
        purging(observer, purger, { store, holder, clock: CLOCK, log }),
        restoring(observer, restorer, store),
        writingOff(policy.name, store),
        rescuing(observer, rescuer),
        quietingOld(observer, signals, CLOCK),
        undoingRescues(observer, { finder: observer, rescuer, store }),
      ],
    };
  });
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
  const observers = observersOf(config, createLog('silent'), {
    store: besideTheBot(config),
    turns: LOOKER,
    alerterOf: () => undefined,
  });
  const sidekiqs = observers.map((observer) => ({
    policy: observer.policy,
    observe: () => observer.observeTwice(),
    countBacklog: observer.countBacklog.bind(observer),
    findClass: async (search: ClassSearch) => {
      // The search for private lists goes on between two looks.
      await observer.observeTwice();
      return observer.findClass(search);
    },
    survey: async (budgetMs: number) => {
      // The search for private lists goes on between two looks.
      await observer.observeTwice();
      return observer.survey(budgetMs);
    },
    suspicion: async (windowMs?: number) => {
      // The search for private lists goes on between two looks.
      await observer.observeTwice();
      return observer.suspicion(windowMs);
    },
  }));
  const records = recordsOf(
    async (read) => {
      await using store = await openStore(config.databaseUrl.reveal(), { isReadOnly: true });
      return await read(store);
    },
    { sidekiqs: config.sidekiqs.map(({ policy, approvals }) => ({ policy, rules: approvals, actions: [] })) },
    config.auditKey?.reveal(),
    config.archive,
  );
  const answering = new Answering(COMMANDS, sidekiqs, CLOCK, records);
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

type Watch = {
  readonly store: EvidenceStore;
  readonly turns: Turns;
  readonly alerterOf: (sidekiq: string) => Alerter | undefined;
};

function observersOf(
  config: TerminalConfig,
  log: Log,
  { store, turns, alerterOf }: Watch,
): readonly Observer[] {
  return config.sidekiqs.map(({ policy, redisUrl, namespace, kubernetes }) => {
    const reader = openReader({ sidekiq: policy.name, url: redisUrl.reveal(), namespace, clock: CLOCK, log });
    const watching = new Watching(policy.name, {
      reader,
      store,
      turns,
      alerter: alerterOf(policy.name),
      terminations: kubernetes && new TerminationFollower(openTerminations(kubernetes), CLOCK),
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
