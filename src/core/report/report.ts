import { debtLine } from '../archive/debt.ts';
import { expiredLine } from '../archive/expired.ts';
import type { Usual } from '../history/usual.ts';
import type { Line } from '../reply/line.ts';
import { classChanges } from './class-changes.ts';
import { morningBefore } from './class-figures.ts';
import { classDrifts } from './drift.ts';
import { lackLine, stretchLine } from './figure-lines.ts';
import { type Finish, finishOf } from './finish.ts';
import { lacksOf } from './lack.ts';
import { crashLines, driftLine, incidentLines, openLines } from './lines.ts';
import { migrationLines } from './migration.ts';
import { type Morning, type UsualOf, usualIn } from './night.ts';
import { type Seen, seenOf } from './seen.ts';
import { stretchesOf } from './unusual.ts';

/** All that the post and its thread say, decided once. */
export type Report = {
  readonly morning: Morning;
  readonly seen: Seen;
  readonly finish: Finish;
  readonly usualOf: UsualOf;
  /** How many jobs usually wait at the hour of the look. */
  readonly usualNow: Usual | undefined;
  readonly notable: readonly Line[];
  readonly drifts: readonly Line[];
  readonly open: readonly Line[];
};

export function reportOf(morning: Morning): Report {
  const { night, policy, now, nowMs } = morning;
  const { samples, calendar } = night;
  const usualOf = usualIn(night);
  const waitingNow = 'health' in now ? now.health.waiting : undefined;
  const usualNow = waitingNow?.usual ?? usualOf({ kind: 'waiting' }, nowMs);
  const seen = seenOf(samples, night.range);
  const hours = night.hours.map(({ fromMs }) => fromMs);
  const lacks = lacksOf(samples, hours, usualOf);
  const finish = finishOf(samples, seen, usualNow, waitingNow?.jobs);
  return {
    morning,
    seen,
    // That nothing piled up is no calm where what usually does did not come.
    finish: finish.type === 'quiet' && lacks.length > 0 ? { type: 'idle', most: finish.most } : finish,
    usualOf,
    usualNow,
    notable: [
      ...crashLines(morning),
      ...incidentLines(morning),
      ...lacks.map((lack) => lackLine(lack, calendar)),
      ...stretchesOf(samples, policy, usualOf).map((stretch) => stretchLine(stretch, seen, calendar)),
    ],
    drifts: [
      ...('classes' in now ? classChanges(now.classes, morningBefore(night.mornings, nowMs), nowMs) : []),
      ...classDrifts(samples, night.before).map(driftLine),
    ],
    open: [
      ...openLines(morning),
      ...migrationLines(night.migration, nowMs),
      ...night.debts.map((debt) => debtLine(debt, nowMs)),
      ...night.expired.map((debt) => expiredLine(debt, nowMs)),
    ],
  };
}
