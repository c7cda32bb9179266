import { type Refusal, refuse } from '../core/reply/reply.ts';
import { code, say } from '../core/reply/text.ts';
import { StoreError } from '../ports/store.ts';

/** No record, no deed: what could not be written was not done, and the person is told; so is where nobody knows. */
export function unstored(error: StoreError): Refusal {
  if (error.code === 'outcome_unknown') {
    return refuse(
      'store_failed',
      say`${error.message}`,
      say`${code('/sidekiq actions')} tells what there is.`,
    );
  }
  return refuse(
    'store_failed',
    say`My store failed, and without a record I do nothing: ${error.message}`,
    say`Try again when whoever runs this bot has seen to its store.`,
  );
}

/** What somebody is answered; where the store failed, that it did. */
export async function orUnstored<T>(work: Promise<T>): Promise<T | Refusal> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof StoreError) return unstored(error);
    throw error;
  }
}
