import { counted, exact } from '../amounts.ts';
import { type FromPlace, placeName } from './place-name.ts';

/** Where they came back from, at most so many places. */
const NAMED_PLACES = 3;

/** "3 jobs came back and were archived too: 3 from worker-7:1’s private list of default"; undefined when none did. */
export function cameBack(totals: readonly FromPlace[]): string | undefined {
  const returns = totals.filter(({ archived }) => archived > 0);
  if (returns.length === 0) return undefined;
  const count = returns.reduce((sum, { archived }) => sum + archived, 0);
  const places = returns
    .slice(0, NAMED_PLACES)
    .map(({ place, archived }) => `${exact(archived)} from ${placeName(place)}`);
  const more =
    returns.length > NAMED_PLACES ? ` and others from ${returns.length - NAMED_PLACES} more places` : '';
  return `${counted(count, 'job')} came back and ${count === 1 ? 'was' : 'were'} archived too: ${places.join(', ')}${more}`;
}
