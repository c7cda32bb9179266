import type { StrandedClass } from '../migration/list-contents.ts';
import type { SurveyedList } from '../migration/survey.ts';
import type { ClassPolicy } from '../policy.ts';
import { refusalOfClass } from './purge-refusals.ts';
import type { RescueParameters } from './rescue-parameters.ts';

/** What becomes of an entry of a private list. */
export type Fate = 'move' | 'keep' | 'archive';

/** How many entries of a list have which fate; `unread` may have any. */
export type Fates = {
  readonly moved: number;
  readonly archived: number;
  readonly kept: number;
  readonly unread: number;
  /** Those that are moved, and of them the ones older than a week. */
  readonly classes: readonly StrandedClass[];
};

/** What one list gives. */
export type RescuedList = { readonly list: SurveyedList; readonly fates: Fates };

type Wanted = Pick<RescueParameters, 'archiveSuspects' | 'without' | 'suspects'>;

/** Suspects stay, or are archived where that was asked for and the settings do not protect them. */
export function fateOf(
  wanted: Wanted,
  classes: ReadonlyMap<string, ClassPolicy>,
): (jobClass: string) => Fate {
  const suspects = new Set([...(wanted.suspects ?? []), ...wanted.without]);
  return (jobClass) => {
    if (!suspects.has(jobClass)) return 'move';
    const mayBeArchived = wanted.archiveSuspects && refusalOfClass(jobClass, classes) === undefined;
    return mayBeArchived ? 'archive' : 'keep';
  };
}

export function fatesOf({ contents, size }: SurveyedList, fate: (jobClass: string) => Fate): Fates {
  const classes = contents?.classes ?? [];
  const count = (wanted: Fate) =>
    classes.filter(({ jobClass }) => fate(jobClass) === wanted).reduce((sum, each) => sum + each.count, 0);
  return {
    moved: count('move'),
    archived: count('archive'),
    kept: count('keep') + (contents?.notJobs ?? 0),
    unread: Math.max(0, size - (contents?.readCount ?? 0)),
    classes: classes.filter(({ jobClass }) => fate(jobClass) === 'move'),
  };
}
