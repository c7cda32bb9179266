import type { AddressInfo } from 'node:net';
import { App } from '@slack/bolt';
import type { OnAct, OnForm } from '../ports/chat.ts';
import type { Memos } from '../ports/memory.ts';
import { keepActs } from './acts.ts';
import { boltLogger } from './bolt-logger.ts';
import { type Answer, type Conversation, converse } from './conversation.ts';
import { SeenDeliveries } from './deliveries.ts';
import { keepForms } from './forms.ts';
import { type DrawHome, keepHome } from './home.ts';
import { type LineOptions, openLine } from './line.ts';
import { attend } from './listen.ts';
import { type OpenSlack, openSlack, SlackUnavailable } from './open.ts';
import { RememberedAnswers } from './remembered.ts';
import { Running } from './running.ts';
import { Speech } from './speech.ts';
import { clientOptions } from './web-clients.ts';

export type SlackOptions = LineOptions & {
  readonly answer: Answer;
  readonly home: DrawHome;
  readonly onAct: OnAct;
  readonly onForm: OnForm;
  /** Where all bots find what may be shared. */
  readonly memos: Memos;
};

export type SlackConnection = {
  isConnected(): boolean;
  /** The address of HTTP mode; undefined in Socket Mode. */
  readonly address: AddressInfo | undefined;
  /** Ends what runs, at most ten seconds of it, shows what waits to be shown, at most five, then ends the connection. */
  stop(): Promise<void>;
};

const DRAIN_WITHIN_MS = 10_000;
const CHAT_DRAIN_WITHIN_MS = 5000;

/** Connects, and answers from then on. @throws {SlackUnavailable} */
export async function startSlack(options: SlackOptions, opened?: OpenSlack): Promise<SlackConnection> {
  const { settings, log, clock } = options;
  const { clients, self, chat, directory, hurriedClock } = opened ?? (await openSlack(options));
  const logger = boltLogger(log);
  const running = new Running();
  const conversation: Conversation = {
    answer: options.answer,
    directory,
    remembered: new RememberedAnswers(options.memos, clock, log),
    speech: new Speech(clients, hurriedClock, log),
    seen: new SeenDeliveries(),
    running,
    ...(options.meter === undefined ? {} : { meter: options.meter }),
    log,
    clock,
  };
  const onFatal = (error: unknown) => options.onFatal(new SlackUnavailable(error));
  const line = openLine({ ...options, onFatal }, logger);
  const app = new App({
    receiver: line.receiver,
    token: settings.botToken.reveal(),
    // Known already: Bolt need not ask again, neither now nor at each delivery.
    botId: self.botId,
    botUserId: self.userId,
    tokenVerificationEnabled: false,
    // Else the constructor starts work whose failure nobody can catch.
    deferInitialization: true,
    convoStore: false,
    logger,
    clientOptions: clientOptions(settings.apiUrl, logger, 0),
  });
  await app.init();
  attend(app, conversation);
  converse(app, conversation);
  keepActs(app, conversation, options.onAct);
  keepForms(app, conversation, options.onForm);
  keepHome(app, conversation, { clients, hurriedClock }, options.home);
  const address = await line.start().catch((error: unknown) => {
    // In HTTP mode it is our own port that can't be had.
    throw settings.mode.type === 'socket' ? new SlackUnavailable(error) : error;
  });
  const stop = async () => {
    const left = await running.drain(DRAIN_WITHIN_MS, clock);
    if (left > 0) log.warn({ left }, 'stopped before everybody was answered');
    await chat.drain(CHAT_DRAIN_WITHIN_MS);
    await line.stop();
  };
  let stopped: Promise<void> | undefined;
  return {
    isConnected: line.isConnected,
    address,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}
