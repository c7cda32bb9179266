import type { Plan } from '../core/plan.ts';
import { type ProposalReader, StoreError } from '../ports/store.ts';

/**
 * What was planned by an action; undefined where there is no such action, or only a newer version can read it: among several, one that
 * can't be read must not hide the others. @throws {StoreError} for all else
 */
export async function planOf(
  store: Pick<ProposalReader, 'proposal'>,
  actionId: string,
): Promise<Plan | undefined> {
  try {
    return (await store.proposal(actionId))?.plan;
  } catch (error) {
    if (error instanceof StoreError && error.code === 'corrupt') return undefined;
    throw error;
  }
}
