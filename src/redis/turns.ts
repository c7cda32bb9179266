import { OutOfStep, RefusedByRedis } from './scripts.ts';

/** Each new turn begins from what is there; what throws every turn out of step should be looked at. */
const MAX_TURNS = 20;
/** A Redis that refuses writes (a failover, a full disk) comes back in minutes; a look at it costs it nothing. */
const SETTLE_AGAIN_MS = 5000;

/** One go at an action, from what Redis and the store say of the goes before it. */
export type Turn = {
  /** Ends all earlier turns and settles what they left open. @throws {RefusedByRedis} */
  begin(): Promise<boolean>;
  /** Reads from the store alone what was done; true when a step is open, of which only Redis knows how far it came. */
  recall(): Promise<boolean>;
  /** Waits, and says why where `why` is given. */
  wait(ms: number, why?: string): Promise<void>;
};

/**
 * Carries out an action in turns: one that is out of step with Redis is followed by the next. Where Redis refuses to go on,
 * or no turn stays in step, `giveUp` ends it with a sentence, after the last step is settled.
 */
export async function inTurns<Own extends Turn, End>(
  fresh: () => Own,
  carryOut: (turn: Own) => Promise<End>,
  giveUp: (turn: Own, because: string) => Promise<End>,
): Promise<End> {
  for (let count = 1; ; count += 1) {
    try {
      return await carryOut(fresh());
    } catch (error) {
      if (error instanceof RefusedByRedis) return giveUp(await settleLast(fresh), error.message);
      if (!(error instanceof OutOfStep)) throw error;
      if (count === MAX_TURNS)
        return giveUp(await settleLast(fresh), 'Somebody else works on the same jobs.');
    }
  }
}

/**
 * While Redis refuses even to say how far the open step came, its jobs are neither known to have left nor to be where they
 * were: whoever ended now would leave them to nobody. So it waits, also when somebody asks it to stop, for the step is not over.
 */
async function settleLast<Own extends Turn>(fresh: () => Own): Promise<Own> {
  for (let tries = 1; ; tries += 1) {
    const turn = fresh();
    try {
      await turn.begin();
      return turn;
    } catch (error) {
      if (!(error instanceof RefusedByRedis)) throw error;
      if (!(await turn.recall())) return turn;
      await turn.wait(
        SETTLE_AGAIN_MS,
        tries === 1 ? `${error.message} It waits to settle its last step` : undefined,
      );
    }
  }
}
