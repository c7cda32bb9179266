import { counted, duration, exact } from '../amounts.ts';
import type { Survey } from '../migration/survey.ts';
import { type Button, type Refusal, refuse } from '../reply/reply.ts';
import { code, say } from '../reply/text.ts';
import { asWord } from '../words/as-word.ts';
import type { RescuedList } from './rescue-fates.ts';
import type { RescueParameters } from './rescue-parameters.ts';
import { oldClasses } from './rescue-warnings.ts';

const NAMED = 5;

/** Why there is nothing to rescue, or why it must not be done so. */
export function refusalOfRescue(
  wanted: RescueParameters,
  survey: Survey,
  lists: readonly RescuedList[],
): Refusal | undefined {
  return (
    refusalOfLists(wanted, survey) ??
    refusalOfRedis(survey, lists) ??
    (lists.length === 0 ? nothingToRescue(survey) : undefined) ??
    refusalOfAge(wanted, survey, lists)
  );
}

function refusalOfLists({ lists }: RescueParameters, survey: Survey): Refusal | undefined {
  for (const key of lists) {
    const found = survey.lists.find((list) => list.key === key);
    if (found === undefined) {
      return refuse(
        'no_such_list',
        say`There is no private list ${code(key)}, or it is empty by now.`,
        say`${code('/sidekiq migrate')} names those that there are.`,
      );
    }
    if (found.move.may === 'now') continue;
    return refuse(
      'not_movable',
      say`${code(key)} may ${found.move.may === 'never' ? 'never' : 'not yet'} be moved: ${found.move.why}.`,
      found.move.may === 'never'
        ? say`It is shown and not touched.`
        : say`Look again when that has changed: ${code('/sidekiq migrate')}.`,
    );
  }
  return undefined;
}

function refusalOfRedis(survey: Survey, lists: readonly RescuedList[]): Refusal | undefined {
  if (survey.refusesWrites !== undefined) {
    return refuse(
      'redis_refuses_writes',
      say`Redis takes no writes now (${survey.refusesWrites}), so no job can be moved.`,
      say`A purge works in a full Redis and makes room: ${code('/sidekiq backlog')} names the class that fills it.`,
      [{ type: 'ask', label: 'Backlog', command: `backlog on ${survey.sidekiq}` }],
    );
  }
  const queue = lists
    .map(({ list }) => list.queue?.name)
    .find((name) => [...survey.wrongTypes].some((key) => key.endsWith(`queue:${name}`)));
  if (queue === undefined) return undefined;
  return refuse(
    'queue_is_no_list',
    say`The key of queue ${code(queue)} is no list, so nothing can be put into it.`,
    say`Find out which program wrote it before anything is moved.`,
  );
}

function nothingToRescue({ lists, isSearchComplete }: Survey): Refusal {
  const later = lists.filter(({ move }) => move.may === 'later').length;
  const never = lists.filter(({ move }) => move.may === 'never').length;
  const others =
    later + never === 0
      ? ''
      : ` ${counted(later, 'list')} may be moved later, ${exact(never)} never: the survey says why.`;
  const search = isSearchComplete ? '' : ' The keyspace is still being searched: ask again in a minute.';
  return refuse(
    'nothing_to_rescue',
    say`No list of a dead owner holds a job that may be moved now.${others}${search}`,
    say`${code('/sidekiq migrate')} shows all of them.`,
  );
}

/** Nobody should run year-old jobs by pressing a button that did not say so. */
function refusalOfAge(
  { withOld, lists: keys, archiveSuspects, without }: RescueParameters,
  { sidekiq, takenAtMs }: Survey,
  lists: readonly RescuedList[],
): Refusal | undefined {
  const old = oldClasses(lists);
  if (withOld || old.length === 0) return undefined;
  const classes = old
    .slice(0, NAMED)
    .map(({ jobClass, overWeek, oldestAtMs }) => {
      return `${exact(overWeek)} of ${jobClass}, the oldest ${duration(takenAtMs - (oldestAtMs ?? takenAtMs))}`;
    })
    .join('; ');
  const named = [
    ...keys.map((key) => ['--list', asWord(key)] as const),
    ...without.map((jobClass) => ['--without', asWord(jobClass)] as const),
  ];
  const words = [...named.flat(), ...(archiveSuspects ? ['--archive-suspects'] : [])];
  const command = ['migrate rescue', ...words, `--with-old on ${sidekiq}`].join(' ');
  // Where nobody can type a name, no button can either.
  const button: readonly Button[] = words.includes(undefined)
    ? []
    : [{ type: 'ask', label: 'Rescue old ones too', command }];
  return refuse(
    'old_jobs',
    say`Some jobs are older than a week, and would run as if they were fresh: ${classes}.`,
    say`Add ${code('--with-old')} if they should still run, or leave a class out with ${code('--without CLASS')}.`,
    button,
  );
}
