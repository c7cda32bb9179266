import { openReader } from '../src/redis/reader.ts';
import { clock } from './stage.ts';

/** Counts a backlog alone in its process, and tells how much memory that took at most. */
const [, , url = ''] = process.argv;
const reader = openReader({ sidekiq: 'bench', url, namespace: '', clock });
const { isExact, tookMs } = await reader.countBacklog({ budgetMs: 240_000 });
if (!isExact) throw new Error('the count did not end in time');
await reader.close();
process.send?.({ tookMs, maxRssMb: process.resourceUsage().maxRSS / 1024 });
process.disconnect();
