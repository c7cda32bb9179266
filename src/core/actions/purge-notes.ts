import { counted, duration, exact } from '../amounts.ts';
import type { ClassPolicy } from '../policy.ts';
import { at, plainText, say } from '../reply/text.ts';
import { type ClassFound, PLACES } from './purge-found.ts';

/** What helps to decide: whether they come back, how old they are, what the settings say, what was not seen. */
export function notesOf(
  jobClass: string,
  found: ClassFound,
  classes: ReadonlyMap<string, ClassPolicy>,
): readonly string[] {
  return [
    `Will it come back? ${comingBack(jobClass, found)}`,
    ...agesOf(found),
    settingsOf(classes.get(jobClass)),
    ...leftAloneOf(found),
    ...savedProgress(found),
    ...unread(found),
  ];
}

/** Said before the click: a purge that is undone by the next tick of a clock helps nobody. */
function comingBack(jobClass: string, { cron, hasLeader, running, places }: ClassFound): string {
  const enabled = cron.filter(({ isEnabled }) => isEnabled);
  const disabled = cron.length - enabled.length;
  const sources: string[] = enabled
    .slice(0, SHOWN_CRON)
    .map(({ name, cron: line }) => `sidekiq-cron enqueues it by “${name}” (${line})`);
  if (enabled.length > SHOWN_CRON) sources.push(`and by ${enabled.length - SHOWN_CRON} more entries`);
  if (running.threads > 0) {
    sources.push(
      `${counted(running.threads, 'thread runs', 'threads run')} it now, which a purge can’t stop, and a crash or failure brings those jobs back`,
    );
  }
  const live = places.find(({ name }) => name === PLACES.liveLists)?.count ?? 0;
  if (live > 0) sources.push(`${exact(live)} lie in private lists, which dying workers give back`);
  const answer =
    sources.length === 0 ? 'Nothing was seen that would bring it back.' : `Yes: ${sources.join('; ')}.`;
  const unseen = hasLeader
    ? ' Sidekiq Enterprise runs here: whether one of its periodic jobs enqueues it can’t be seen.'
    : '';
  const idle =
    disabled > 0
      ? ` ${counted(disabled, 'sidekiq-cron entry for it is', 'sidekiq-cron entries for it are')} disabled.`
      : '';
  const mail = jobClass.includes('#') ? ' Which mail runs at this moment can’t be seen.' : '';
  const taken =
    sources.length === 0
      ? ''
      : ' Jobs created before the plan are taken again when they come back; new ones are not.';
  return `${answer}${taken}${idle}${unseen}${mail}`;
}

const SHOWN_CRON = 3;

function agesOf({ oldestAtMs, newestAtMs, takenAtMs, jids }: ClassFound): readonly string[] {
  if (oldestAtMs === undefined || newestAtMs === undefined) return [];
  const ages = `Created from ${when(oldestAtMs)} (${ago(takenAtMs - oldestAtMs)}) to ${when(newestAtMs)} (${ago(takenAtMs - newestAtMs)}).`;
  return jids.length === 0 ? [ages] : [ages, `To look up: jid ${jids.join(', ')}.`];
}

function settingsOf(policy: ClassPolicy | undefined): string {
  if (policy === undefined) {
    return 'The settings don’t know this class: not who owns it, nor whether it can be done without.';
  }
  const { isRecurring, owner, note } = policy;
  return [
    owner === undefined ? 'The settings name no owner.' : `Owner: ${owner}.`,
    ...(isRecurring ? ['It is recurring: enqueued again by itself, so little is lost.'] : []),
    ...(note === undefined ? [] : [`Note: ${note.replace(/[.\s]+$/, '')}.`]),
  ].join(' ');
}

function leftAloneOf({ leftAlone, marks }: ClassFound): readonly string[] {
  const { later, undated, unreadable, inUnknownLists } = leftAlone;
  const left = [
    [later, 'created after the plan was made'],
    [undated, 'that don’t say when they were created'],
    [unreadable, 'that can’t be parsed'],
    [inUnknownLists, 'in lists of a fetcher that is not known'],
  ] as const;
  const said = left.flatMap(([count, which]) => (count > 0 ? [`${exact(count)} ${which}`] : []));
  return [
    ...(said.length === 0 ? [] : [`Left alone, and not counted above: ${said.join('; ')}.`]),
    ...(marks.encrypted > 0
      ? [
          `${counted(marks.encrypted, 'job has', 'jobs have')} encrypted arguments; they are archived as they are.`,
        ]
      : []),
  ];
}

function savedProgress({ marks: { iterable } }: ClassFound): readonly string[] {
  if (iterable.count === 0) return [];
  const looked = `${exact(iterable.count)} of ${counted(iterable.of, 'job')} that were looked at`;
  return [
    `Iterable: ${looked} have saved progress. Sidekiq keeps it for 30 days; restored later they begin anew.`,
  ];
}

/** When not all could be read, the cap rules. */
function unread({ exactness, tookMs }: ClassFound): readonly string[] {
  const { isExact, isSearchComplete, readCount, knownCount } = exactness;
  if (isExact) return [];
  const rest = isSearchComplete ? '' : ' The search for private lists is still under way.';
  return [
    `The number is “at least”: ${exact(readCount)} of ${exact(Math.max(knownCount, readCount))} entries were read in ${duration(tookMs)}.${rest} What counts is the limit: no more than that is ever taken.`,
  ];
}

function when(ms: number): string {
  return plainText(say`${at(ms)}`);
}

function ago(ageMs: number): string {
  return `${duration(ageMs)} ago`;
}
