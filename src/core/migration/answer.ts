import { counted, duration, exact } from '../amounts.ts';
import { type Line, named } from '../reply/line.ts';
import { listed } from '../reply/listed.ts';
import type { Answer, Button, Part, Table, Tone } from '../reply/reply.ts';
import { NOTHING } from '../reply/reply.ts';
import { at, bold, say, type Text } from '../reply/text.ts';
import type { Process } from '../sidekiq/snapshot.ts';
import { migrationJson } from './json.ts';
import { stepsForPeople } from './next-steps.ts';
import { STAGE_WORDS, type StageName } from './stage.ts';
import type { Survey, SurveyedList } from './survey.ts';

const SHOWN_PROCESSES = 15;
const SHOWN_LISTS = 15;
const SHOWN_CLASSES = 3;
const SHOWN_REASONS = 10;
/** A cell is for a glance; `--json` has the whole. */
const CELL = 90;

/** What `migrate` says: how far the move is, who fetches how, what lies where, what comes next. */
export function migrationAnswer(survey: Survey, buttons: readonly Button[]): Answer {
  const steps = stepsForPeople(survey);
  return {
    type: 'answer',
    tone: TONES[survey.stage.name],
    headline: headlineOf(survey),
    parts: [
      { type: 'paragraph', text: say`${survey.stage.sentence}` },
      { type: 'list', items: findings(survey) },
      ...tableOfLists(survey.lists),
      ...whyMove(survey.lists),
      // A list: Slack takes one table a message, and the private lists have more to show.
      ...listed('Living processes and how they fetch', survey.processes.map(processLine), SHOWN_PROCESSES),
      { type: 'heading', text: 'Next' },
      { type: 'list', items: steps.map((step) => ({ tone: 'neutral' as const, text: say`${step}` })) },
      { type: 'note', text: footOf(survey) },
    ],
    buttons,
    data: migrationJson(survey, steps),
  };
}

const TONES: Readonly<Record<StageName, Tone>> = {
  no_process: 'warning',
  not_begun: 'neutral',
  mixed: 'warning',
  to_be_finished: 'warning',
  done: 'good',
};

function headlineOf({ sidekiq, stage }: Survey): Text {
  const stranded =
    stage.strandedJobs === 0
      ? 'nothing lies stranded'
      : `${counted(stage.strandedJobs, 'job lies', 'jobs lie')} stranded in ${counted(stage.strandedLists, 'list')} of dead owners`;
  return say`${bold(`${sidekiq}: super_fetch migration ${STAGE_WORDS[stage.name]}`)}, ${stranded}`;
}

/** The worst first: what is lost to everybody, what can't be told, who fetches how. */
function findings(survey: Survey): readonly { tone: Tone; text: Text }[] {
  const { lists, processes } = survey;
  const items: { tone: Tone; text: Text }[] = [];
  const orphans = lists.filter(({ scheme, move }) => scheme === 'super_fetch' && move.may === 'now');
  if (orphans.length > 0) {
    items.push({
      tone: 'warning',
      text: say`${counted(jobsIn(orphans), 'job')} of dead super_fetch processes wait until some process starts: no running one rescues them, and no screen of Sidekiq shows them.`,
    });
  }
  const suspects = new Set(lists.flatMap((list) => list.suspects));
  if (suspects.size > 0) {
    items.push({
      tone: 'warning',
      text: say`Suspects among them: ${[...suspects].join(', ')}. A rescue leaves them where they are, or archives them.`,
    });
  }
  if (survey.refusesWrites !== undefined) {
    items.push({
      tone: 'bad',
      text: say`Redis takes no writes (${survey.refusesWrites}): nothing can be moved until a purge has made room.`,
    });
  }
  const strange = lists.filter(({ move }) => move.may === 'never');
  if (strange.length > 0) {
    items.push({
      tone: 'warning',
      text: say`${counted(jobsIn(strange), 'job')} in ${counted(strange.length, 'list')} are only shown, never touched.`,
    });
  }
  for (const [strategy, count] of strategiesOf(processes)) {
    items.push({ tone: 'neutral', text: say`${counted(count, 'process', 'processes')}: ${strategy}` });
  }
  return items;
}

function strategiesOf(processes: readonly Process[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { fetch } of processes) counts.set(fetch.strategy, (counts.get(fetch.strategy) ?? 0) + 1);
  return new Map([...counts].sort(([, one], [, other]) => other - one));
}

function jobsIn(lists: readonly SurveyedList[]): number {
  return lists.reduce((sum, { size }) => sum + size, 0);
}

/** "`worker-1:7:abc`, busy, Sidekiq 6.5.12: *basic* (no sign of super_fetch or of another reliable fetcher)" */
function processLine({ identity, state, isQuiet, version, fetch }: Process): Line {
  const doing = isQuiet ? 'quiet' : state;
  return {
    tone: 'neutral',
    text: say`${named(identity)}, ${doing}, Sidekiq ${version}: ${bold(fetch.strategy)} (${cell(fetch.evidence)})`,
  };
}

function tableOfLists(lists: readonly SurveyedList[]): readonly Part[] {
  if (lists.length === 0) return [];
  const table: Table = {
    caption: 'Private lists, movable ones first',
    columns: [
      { heading: 'List', align: 'left' },
      { heading: 'Scheme', align: 'left' },
      { heading: 'Owner', align: 'left' },
      { heading: 'Queue', align: 'left' },
      { heading: 'Jobs', align: 'right' },
      { heading: 'Classes', align: 'left' },
      { heading: 'Oldest (UTC)', align: 'left' },
      { heading: 'Move', align: 'left' },
    ],
    rows: lists
      .slice(0, SHOWN_LISTS)
      .map((list) => [
        list.key,
        list.scheme,
        list.owner === undefined ? list.ownerWords : `${list.ownerWords} (${list.owner})`,
        list.queue === undefined ? NOTHING : `${list.queue.name} (by ${list.queue.knownBy})`,
        exact(list.size),
        classesOf(list),
        dayOf(list.contents?.oldestAtMs),
        list.move.may,
      ]),
    ...moreOf(lists.length - SHOWN_LISTS, 'list', 'lists'),
  };
  return [{ type: 'table', table }];
}

/** Why lists may be moved now, later or never, each reason once. */
function whyMove(lists: readonly SurveyedList[]): readonly Part[] {
  const byReason = Map.groupBy(lists, ({ move }) => `${move.may}: ${move.why}`);
  const items = [...byReason].slice(0, SHOWN_REASONS).map(([reason, alike]) => ({
    tone: alike[0]?.move.may === 'now' ? ('good' as const) : ('neutral' as const),
    text: say`${counted(alike.length, 'list')} with ${counted(jobsIn(alike), 'job')}, ${reason}`,
  }));
  const left = Math.max(0, byReason.size - SHOWN_REASONS);
  return items.length === 0 ? [] : [{ type: 'list', items, left }];
}

function classesOf({ contents, suspects }: SurveyedList): string {
  if (contents === undefined) return 'not read';
  const named = contents.classes.slice(0, SHOWN_CLASSES).map(({ jobClass, count }) => {
    return `${exact(count)} ${jobClass}${suspects.includes(jobClass) ? ' (suspect)' : ''}`;
  });
  const more = contents.classes.length - SHOWN_CLASSES;
  if (more > 0) named.push(`${counted(more, 'more class', 'more classes')}`);
  if (contents.notJobs > 0) named.push(`${exact(contents.notJobs)} that are no jobs`);
  return cell(named.join(', '));
}

function dayOf(atMs: number | undefined): string {
  return atMs === undefined ? NOTHING : new Date(atMs).toISOString().slice(0, 16).replace('T', ' ');
}

function cell(words: string): string {
  if (words === '') return NOTHING;
  return words.length > CELL ? `${[...words].slice(0, CELL - 1).join('')}…` : words;
}

function moreOf(count: number, one: string, many: string): { more?: string } {
  return count > 0 ? { more: `and ${counted(count, `more ${one}`, `more ${many}`)}` } : {};
}

function footOf({ tookMs, takenAtMs, isSearchComplete, lists }: Survey): Text {
  const search = isSearchComplete ? '' : ' The keyspace is still being searched: there may be more lists.';
  const unread = lists.filter(({ isWhole }) => !isWhole).length;
  const rest =
    unread === 0
      ? ''
      : ` ${counted(unread, 'list was', 'lists were')} too long to be read whole: numbers by class are at least.`;
  return say`Only looked: nothing was changed. Read in ${duration(tookMs)}, ${at(takenAtMs)}.${search}${rest} Basic fetch is told by exclusion: it leaves no trace.`;
}
