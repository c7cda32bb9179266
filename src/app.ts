import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { COMMANDS } from '../commands/index.ts';
import { guardedSidekiqs } from './app/guarded-sidekiqs.ts';
import { observersOf } from './app/observers.ts';
import { CLOCK } from './clock.ts';
import { policySettings } from './config/policy-settings.ts';
import { botChannelsOf, calendarsIn, operatorsChannelsOf } from './config/report-places.ts';
import { scheduleOf } from './config/report-times.ts';
import type { Config } from './config.ts';
import { Alerter } from './flow/alert.ts';
import { Answering, isAskForm } from './flow/answer.ts';
import { ClockWatch } from './flow/clock-watch.ts';
import { ArchiveExpiry } from './flow/expire-archives.ts';
import { openGuarding } from './flow/guarding.ts';
import { isAlertPress, pressAlert } from './flow/handle-alert.ts';
import { drawHome } from './flow/home.ts';
import { inHouse } from './flow/in-house.ts';
import { recordStart, recordStop } from './flow/lifecycle.ts';
import { LiveMessages } from './flow/live.ts';
import { lookAtStore } from './flow/look-at-bot.ts';
import { MigrationGuide } from './flow/migration-guide.ts';
import { notesOver } from './flow/notes.ts';
import type { Observer } from './flow/observe.ts';
import { tellOperators } from './flow/operators.ts';
import { promptly } from './flow/prompt-store.ts';
import { HistoryRecorder } from './flow/record-history.ts';
import { recordsOf } from './flow/records.ts';
import { composing } from './flow/report.ts';
import { Reporting } from './flow/reporting.ts';
import { mayBeSeenBy } from './flow/sight.ts';
import { StoreClock } from './flow/store-clock.ts';
import { turnsOver } from './flow/turns.ts';
import { orUnstored } from './flow/unstored.ts';
import { openMetrics } from './metrics/metrics.ts';
import type { Log } from './ports/host.ts';
import { startSlack } from './slack/connect.ts';
import { openSlack } from './slack/open.ts';
import { TokenWatch } from './slack/token-watch.ts';
import { type Status, startStatusServer, statusRoutes } from './status-server.ts';
import { openStore } from './store/open.ts';

/**
 * The bot: looks at every sidekiq, answers in Slack, says over HTTP how it is itself. `onFatal` hears when Slack
 * no longer lets it in. Disposing finishes what runs first.
 * @throws {SlackUnavailable}, {StoreError} and an error of the HTTP server, such as a taken port; then nothing is left open.
 */
export async function startApp(
  config: Config,
  log: Log,
  onFatal: (error: unknown) => void,
): Promise<AsyncDisposable> {
  await using opened = new AsyncDisposableStack();
  const metrics = openMetrics(version());
  const { meter } = metrics;
  const store = opened.use(
    await openStore(config.databaseUrl.reveal(), { auditKey: config.auditKey?.reveal(), meter }),
  );
  const clock = opened.use(await StoreClock.open(store, CLOCK));
  const holder = holderOf(config);
  const names = config.sidekiqs.map(({ policy }) => policy.name);
  let isConnected = () => false;
  let clockWatch: ClockWatch | undefined;
  let observers: readonly Observer[] = [];
  const look = async () => ({
    sidekiqs: observers.map(({ seen }) => seen),
    bot: {
      isConnected: isConnected(),
      clocks: clockWatch?.clocks,
      store: await lookAtStore(store, names, clock),
    },
  });
  const status: Status = {
    trouble: () => [...(isConnected() ? [] : ['not connected to Slack']), ...(clockWatch?.deafness ?? [])],
    metrics: async () => ({ contentType: metrics.contentType, text: await metrics.text(look) }),
  };
  // Before Slack, so that a taken port is known before anybody can ask. In HTTP mode Slack's own server answers these too.
  if (config.slack.mode.type === 'socket') opened.use(await startStatusServer(config.http, status));
  const access = await openSlack({ settings: config.slack, log, clock: CLOCK, meter, onFatal });
  // For what the bot says by itself, where nobody has asked.
  const chat = inHouse(access.chat, access.directory);
  const alerts = notesOver(store);
  const prompt = promptly(store, CLOCK);
  const watch = new ClockWatch({
    own: CLOCK,
    store: clock,
    chatTime: access.time,
    isReachedOverHttp: config.slack.mode.type === 'http',
    machine: hostname(),
    notes: alerts,
    tell: (message) => tellOperators({ chat, log }, botChannelsOf(config), undefined, message),
    log,
  });
  clockWatch = watch;
  const timeToForgetBy = () => watch.timeToForgetBy();
  const turns = turnsOver(prompt, holder, { clock, log });
  observers = observersOf(config, log, {
    store: prompt,
    turns,
    meter,
    recorderOf: ({ policy }, reader) =>
      new HistoryRecorder(policy.name, {
        store,
        reader,
        keepMs: config.historyKeepMs,
        timeToForgetBy,
        clock,
        log,
      }),
    alerterOf: ({ policy, alertsChannel: channel }, past) =>
      new Alerter(policy, {
        chat,
        store: notesOver(prompt),
        history: prompt,
        past,
        channel,
        operatorsChannels: operatorsChannelsOf(config, policy.name),
        reminders: config.reminders,
        clock,
        log,
      }),
  });
  for (const observer of observers) opened.defer(() => observer.stop());
  await recordStart(store, clock, { version: version(), settings: policySettings(config) });
  opened.defer(() =>
    recordStop(store, clock).catch((error: unknown) => log.error({ err: error }, UNRECORDED)),
  );
  const sidekiqs = guardedSidekiqs(config, observers, { store, holder, clock, log, meter }, opened);
  const desk = { store, directory: access.directory, clock, log, sidekiqs };
  const guarding = openGuarding(desk, {
    chat: access.chat,
    holder,
    newId,
    auditChannel: config.auditChannel,
  });
  const calendarOf = calendarsIn(config);
  const records = recordsOf((read) => read(store), desk, {
    auditKey: config.auditKey?.reveal(),
    keeping: config.archive,
    calendarOf,
  });
  const answering = new Answering(COMMANDS, observers, clock, records, guarding.proposer, (person, policy) =>
    mayBeSeenBy(person, policy, access.directory),
  );
  const homeDesk = { ...desk, observed: observers, records, alerts, calendarOf };
  const live = new LiveMessages({ sidekiqs: observers, store, chat, clock, log });
  const slack = await startSlack(
    {
      settings: config.slack,
      http: { ...config.http, routes: statusRoutes(status) },
      answer: (question) => answering.ask(question),
      home: (person) => drawHome(person, homeDesk),
      onAct: (pressed) => {
        if (live.isMeant(pressed)) return live.press(pressed);
        return isAlertPress(pressed)
          ? orUnstored(pressAlert(pressed, alerts, names, clock.nowMs()))
          : guarding.onAct(pressed);
      },
      onForm: (submitted) =>
        isAskForm(submitted) ? answering.submit(submitted) : guarding.onForm(submitted),
      memos: store,
      log,
      clock,
      onFatal,
      meter,
    },
    access,
  );
  opened.defer(() => slack.stop());
  // Ends before Slack does, so that what it hands over can still be shown.
  opened.use(guarding);
  isConnected = slack.isConnected;
  const tokenWatch = new TokenWatch(access.clients, CLOCK, log);
  tokenWatch.start();
  opened.defer(() => tokenWatch.stop());
  for (const observer of observers) observer.start();
  for (const observer of observers) {
    const guide = new MigrationGuide(observer, {
      chat,
      notes: alerts,
      store,
      turns,
      clock,
      log,
    });
    opened.defer(() => guide.stop());
    guide.start();
  }
  guarding.start();
  opened.defer(() => watch.stop());
  watch.start();
  live.start();
  opened.defer(() => live.stop());
  const reporting = new Reporting({
    schedules: config.reports.map(scheduleOf),
    compose: composing(observers, { store, calendarOf, keeping: config.archive, clock, log }),
    store,
    chat,
    directory: access.directory,
    operatorsChannelsOf: (sidekiq) => operatorsChannelsOf(config, sidekiq),
    clock,
    log,
  });
  reporting.start();
  opened.defer(() => reporting.stop());
  const expiry = new ArchiveExpiry({
    store,
    keeping: config.archive,
    tell: guarding.show,
    timeToForgetBy,
    clock,
    log,
  });
  opened.defer(() => expiry.stop());
  expiry.start();
  // The first of all to be done: what waits because Slack asked it to must not hold up the end.
  opened.defer(() => access.hurry());
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
