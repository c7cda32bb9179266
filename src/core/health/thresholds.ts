/** When a figure becomes worth a word. Each has its reason; none is a setting until somebody needs it to be. */

/** Long enough to smooth a burst, short enough to show a change of the last minutes. */
export const TREND_WINDOW_MS = 5 * 60_000;

/** What went one way at each look for as long has turned; less may be chance. */
export const TURNED_AFTER_MS = 60_000;

/** LLEN is exact at once, so two looks this far apart show a direction (flow/observe.ts waits as long in a terminal). */
export const DIRECTION_NEEDS_MS = 1500;

/** Fewer jobs up or down than this is noise of the moment. */
export const DIRECTION_NEEDS_JOBS = 3;

/** Counters arrive with the heartbeat, every 10 s since Sidekiq 7: no progress means nothing before two beats passed. */
export const COUNTERS_NEED_MS = 25_000;

/** A process shows its first work at its second beat; until then its threads look free. */
export const FIRST_WORK_MS = 15_000;

/** A free thread takes a waiting job at once, so a minute without one taken is no accident. */
export const STOPPED_AFTER_MS = 60_000;

/** Without a target, waits below this are nobody's trouble. */
export const NOTICED_WAIT_MS = 60_000;

/** Without a target: from here on a person who waits for the job has begun to wonder. */
export const LONG_WAIT_MS = 5 * 60_000;

/** As many jobs get a number of their own even when they wait shortly. */
export const MANY_WAITING = 1000;

/** Ten times the promise is another kind of late: 5 min where 30 s was promised. */
export const BADLY_LATE_FACTOR = 10;

/** A backlog that is gone within this time is being dealt with. */
export const SOON_EMPTY_MS = 30 * 60_000;

/** Below this, jobs in a queue that nobody serves are leftovers of an old release more often than an incident. */
export const UNSERVED_INCIDENT_JOBS = 100;

/** With two of three threads in one class, what is left can't serve the others. */
export const FILLING_SHARE = 2 / 3;

/** Of one or two threads any class holds most; that says nothing. */
export const FILLING_NEEDS_THREADS = 3;

/** One process lost is a node that went away; the third within a quarter of an hour is a pattern. */
export const LOST_IS_PATTERN = 3;

/** In a big fleet a few losses are daily life. */
export const LOST_SHARE_OF_FLEET = 0.05;

/** Redis's fragmentation and its clients' buffers need the rest. */
export const REDIS_TIGHT_SHARE = 0.9;
export const REDIS_CRITICAL_SHARE = 0.97;

/** Less than an hour is less than it takes to find the person who may enlarge it. */
export const REDIS_FULL_SOON_MS = 60 * 60_000;
export const REDIS_FULL_TODAY_MS = 24 * 60 * 60_000;

/** Shorter or smaller growth of memory is the breathing of buffers. */
export const MEMORY_TREND_NEEDS_MS = 60_000;
export const MEMORY_TREND_NEEDS_BYTES = 1024 * 1024;

/** A round trip on a healthy Redis takes about a millisecond; Sidekiq itself warns above 50 ms (lib/sidekiq/launcher.rb). */
export const SLOW_PING_MS = 50;

/** A tenth failing is more than the usual flaky neighbour; half means that the app is broken. Few failures prove nothing. */
export const FAILING_SHARE = 0.1;
export const FAILING_NEEDS = 10;
export const BROKEN_SHARE = 0.5;
export const BROKEN_NEEDS = 50;

/** The retry set breathes; a hundred more within the samples, and a tenth, is a wave of errors. */
export const RETRY_GROWTH_JOBS = 100;
export const RETRY_GROWTH_SHARE = 0.1;

/** One job that ran out of retries is a bug; ten within an hour are a failure of something shared. */
export const DEATHS_LAST_HOUR = 10;

/** Pollers look every 5 s per process; due jobs older than this, and so many, mean that no poller works. */
export const OVERDUE_MS = 5 * 60_000;
export const OVERDUE_JOBS = 100;

/** Beats come every 10 s at most; a process whose clock is this far from Redis's makes ages wrong. */
export const CLOCK_SKEW_MS = 30_000;
