import { COMMANDS } from '../../commands/index.ts';
import { CLOCK } from '../clock.ts';
import { calendarsIn } from '../config/report-places.ts';
import type { TerminalConfig } from '../config.ts';
import type { ClassSearch } from '../core/actions/purge-found.ts';
import { Answering } from '../flow/answer.ts';
import type { Observer } from '../flow/observe.ts';
import { recordsOf } from '../flow/records.ts';
import { createLog } from '../log.ts';
import type { Turns } from '../ports/host.ts';
import type { EvidenceStore, HistoryReader } from '../ports/memory.ts';
import type { Store } from '../ports/store.ts';
import { openStore } from '../store/open.ts';
import { printJson, printReply } from '../terminal/print.ts';
import { quoted } from '../terminal/quoted.ts';
import { observersOf } from './observers.ts';

/** Who looks from a terminal watches nothing and keeps nothing; what the bot has seen it may read. */
const LOOKER: Turns = { tryHold: async () => false, release: async () => {} };

/** A width that people's terminals have and that mails and tickets keep. */
const TERMINAL_WIDTH = 80;

/** The commands without Slack: read, print, end. */
export function openTerminal(config: TerminalConfig) {
  const observers = observersOf(config, createLog('silent'), {
    store: seenByTheBot(config),
    turns: LOOKER,
    recorderOf: () => undefined,
    alerterOf: () => undefined,
  });
  const sidekiqs = observers.map((observer) => ({
    policy: observer.policy,
    observe: () => observer.observeTwice(),
    countBacklog: observer.countBacklog.bind(observer),
    classFigures: observer.classFigures.bind(observer),
    findClass: async (search: ClassSearch) => (await lookedTwice(observer)).findClass(search),
    survey: async (budgetMs: number) => (await lookedTwice(observer)).survey(budgetMs),
    suspicion: async (windowMs?: number) => (await lookedTwice(observer)).suspicion(windowMs),
  }));
  const records = recordsOf(
    readingBeside(config),
    { sidekiqs: config.sidekiqs.map(({ policy, approvals }) => ({ policy, rules: approvals, actions: [] })) },
    {
      auditKey: config.auditKey?.reveal(),
      keeping: config.archive,
      calendarOf: calendarsIn(config),
    },
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

/** The search for private lists goes on between two looks. */
async function lookedTwice(observer: Observer): Promise<Observer> {
  await observer.observeTwice();
  return observer;
}

/** Reads in the store beside the bot that owns it. */
function readingBeside(config: TerminalConfig) {
  return async <T>(read: (store: Store) => Promise<T>): Promise<T> => {
    await using store = await openStore(config.databaseUrl.reveal(), { isReadOnly: true });
    return await read(store);
  };
}

/** What the bot has seen. Where its store can't be read, nothing was seen: the answer says so. */
function seenByTheBot(config: TerminalConfig): EvidenceStore & HistoryReader {
  const reading = readingBeside(config);
  return {
    evidence: (sidekiq) => reading((store) => store.evidence(sidekiq)),
    saveEvidence: async () => {},
    samples: (...asked) => reading((store) => store.samples(...asked)),
    incidents: (...asked) => reading((store) => store.incidents(...asked)),
  };
}
