import { OutOfStep, RefusedByRedis } from './scripts.ts';

/** Each new turn begins from what is there; what throws every turn out of step should be looked at. */
const MAX_TURNS = 20;

/**
 * Carries out an action in turns: one that is out of step with Redis is followed by the next. Where Redis refuses to go on,
 * or no turn stays in step, `giveUp` ends it with a sentence.
 */
export async function inTurns<Turn, End>(
  begin: () => Turn,
  carryOut: (turn: Turn) => Promise<End>,
  giveUp: (turn: Turn, because: string) => Promise<End>,
): Promise<End> {
  for (let count = 1; ; count += 1) {
    try {
      return await carryOut(begin());
    } catch (error) {
      if (error instanceof RefusedByRedis) return giveUp(begin(), error.message);
      if (!(error instanceof OutOfStep)) throw error;
      if (count === MAX_TURNS) return giveUp(begin(), 'Somebody else works on the same jobs.');
    }
  }
}
