import { FORMS } from '../core/approval/forms.ts';
import { UNKNOWN_ELEMENT } from '../core/reply/unknown.ts';
import type { Chat, OnAct, OnForm } from '../ports/chat.ts';
import type { Proposer } from './answer.ts';
import { Board } from './board.ts';
import { Deciding } from './decide.ts';
import type { Desk } from './desk.ts';
import { Executor } from './execute.ts';
import { Proposing } from './propose.ts';
import { Tick } from './tick.ts';
import { orUnstored } from './unstored.ts';
import { Witness } from './witness.ts';

export type GuardingOptions = {
  readonly chat: Chat;
  /** This bot, among those that share the store; never the name of another that may still run. */
  readonly holder: string;
  readonly newId: () => string;
  /** Where the head of the audit log is told. */
  readonly auditChannel: string | undefined;
};

/** Guarded actions whole: proposed, decided, carried out, shown, and on record. */
export type Guarding = AsyncDisposable & {
  readonly proposer: Proposer;
  readonly onAct: OnAct;
  readonly onForm: OnForm;
  /** Tells the thread of an action what was recorded of it since; never throws. */
  readonly show: (id: string) => Promise<void>;
  /** From here on the clock counts too: expiries, starts, what a crash left behind. */
  start(): void;
};

export function openGuarding(desk: Desk, { chat, holder, newId, auditChannel }: GuardingOptions): Guarding {
  const board = new Board(desk, chat, holder);
  const executor = new Executor(desk, board, holder);
  const proposing = new Proposing(desk, board, newId);
  const deciding = new Deciding(desk, board, executor);
  const witness =
    auditChannel === undefined ? undefined : new Witness(desk.store, chat, auditChannel, holder, desk);
  const tick = new Tick(desk, board, executor, witness);
  return {
    proposer: proposing,
    onAct: (pressed) => orUnstored(deciding.press(pressed)),
    onForm: (submitted) => {
      if (submitted.form === FORMS.deny) return orUnstored(deciding.submit(submitted));
      if (submitted.form === FORMS.confirm) return orUnstored(proposing.confirm(submitted));
      return Promise.resolve(UNKNOWN_ELEMENT);
    },
    show: (id) => board.show(id),
    start: () => tick.start(),
    [Symbol.asyncDispose]: async () => {
      await tick.stop();
      await executor.stop();
      await board.stop();
    },
  };
}
