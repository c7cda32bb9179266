import type { Fleet } from '../fleet/fleet.ts';
import type { FleetRedis } from '../fleet/redis-call.ts';
import { INCIDENT_REDIS_CONFIG, playIncident } from '../fleet/stories/incident.ts';
import { playQuietNight } from '../fleet/stories/quiet-night.ts';
import { startRealNight } from '../fleet/stories/real-night.ts';
import type { Suggestion } from '../page/api.ts';

/** What the demo can show. */
export type SceneName = 'incident' | 'quiet-night' | 'real';

/** A story as the demo tells it: what the page says of it, and how it is put into a private Redis. */
export type Scene = {
  readonly story: string;
  readonly suggestions: readonly Suggestion[];
  readonly redisConfig: readonly string[];
  /** Puts it there and gives the fleet that is to be played on; what it starts ends with `stack`. */
  readonly start: (
    redis: FleetRedis,
    redisUrl: string,
    nowMs: number,
    stack: AsyncDisposableStack,
  ) => Promise<Fleet>;
};

/** Only what exists: a test holds them against the list of commands. */
const SUGGESTIONS: readonly Suggestion[] = [
  { text: '/sidekiq health', does: 'How are the queues, and what runs?' },
  { text: '/sidekiq backlog', does: 'What waits, by job class?' },
  { text: '/sidekiq suspects', does: 'Who is killing the workers?' },
  { text: '/sidekiq purge Recurring::DisasterJob --plan', does: 'What would go, and would it come back?' },
  {
    text: '/sidekiq quiet payroll-worker-2 --reason "no new jobs"',
    does: 'Propose it as Ann, approve it as Ben',
  },
  { text: '/sidekiq help', does: 'What else can be asked?' },
];

/** Every scene of the demo. */
export const SCENES: Readonly<Record<SceneName, Scene>> = {
  incident: {
    story:
      'It is night, and payroll has stopped: hundreds of thousands of jobs wait, and worker processes keep dying.',
    suggestions: SUGGESTIONS,
    redisConfig: INCIDENT_REDIS_CONFIG,
    start: (redis, _redisUrl, nowMs) => playIncident(redis, nowMs),
  },
  'quiet-night': {
    story: 'A quiet night: the payroll fleet is healthy.',
    suggestions: SUGGESTIONS,
    redisConfig: [],
    start: (redis, _redisUrl, nowMs) => playQuietNight(redis, nowMs),
  },
  real: {
    story: 'Real Sidekiq processes are running on this machine, and one job class really kills them.',
    suggestions: SUGGESTIONS,
    redisConfig: INCIDENT_REDIS_CONFIG,
    start: startRealNight,
  },
};
