import { AlertSchema } from '../alerts/alert.ts';
import type { Trouble } from '../alerts/trouble.ts';
import { closingWords, openWords } from '../alerts/words.ts';
import { bytes, counted, duration, exact, percent, short } from '../amounts.ts';
import type { Proposal } from '../approval/proposal.ts';
import { STATES } from '../approval/show.ts';
import type { Crash } from '../attribution/crash.ts';
import { verdictSentences } from '../attribution/verdict-sentences.ts';
import type { Calendar } from '../history/calendar.ts';
import type { Figure } from '../history/figure.ts';
import type { Incident } from '../history/incident.ts';
import { plannedCount } from '../plan.ts';
import { type Line, named } from '../reply/line.ts';
import { at, bold, code, person, say, type Text } from '../reply/text.ts';
import type { ClassDrift } from './drift.ts';
import type { Lack } from './lack.ts';
import { clockTime, type Morning } from './night.ts';
import { gapAt, type Seen } from './seen.ts';
import type { Stretch } from './unusual.ts';

/** A class becomes likely some time after the crash that shows it. */
const BLAMED_WITHIN_MS = 60 * 60_000;

/** "`default`: up to 312 k jobs waiting from 01:10 to 05:40, usually at most 4,000". */
export function stretchLine(stretch: Stretch, seen: Seen, calendar: Calendar): Line {
  const { figure, fromMs, untilMs, isOver, most, limit, isPromise } = stretch;
  const from = clockTime(fromMs, calendar);
  const gap = gapAt(seen, untilMs);
  const isKnown = isOver || gap !== undefined;
  const until = `${gap === undefined ? '' : 'at least '}${clockTime(Math.min(untilMs, gap?.fromMs ?? untilMs), calendar)}`;
  const when = isKnown ? `from ${from} to ${until}` : `since ${from}, until now`;
  const against = isPromise ? `promised ${shown(figure, limit)}` : `usually at most ${shown(figure, limit)}`;
  return {
    tone: isKnown ? 'warning' : 'bad',
    text: say`${whatOf(figure)} up to ${bold(shown(figure, most))} ${when}, ${against}.`,
  };
}

/** "From 02:00 to 04:00 only 12 jobs done, usually 40 k in that time." */
export function lackLine({ kind, fromMs, untilMs, jobs, usualJobs }: Lack, calendar: Calendar): Line {
  const when = `From ${clockTime(fromMs, calendar)} to ${clockTime(untilMs, calendar)}`;
  const count = bold(counted(Math.round(jobs), 'job'));
  const usually = short(Math.round(usualJobs));
  const text =
    kind === 'processed'
      ? say`${when} only ${count} done, usually ${usually} in that time.`
      : say`${when} only ${count} waited, usually ${usually} at that time.`;
  return { tone: 'warning', text };
}

function whatOf(figure: Figure): Text {
  switch (figure.kind) {
    case 'queue size':
      return say`Jobs waiting in ${named(figure.queue)}:`;
    case 'queue latency':
      return say`The next job of ${named(figure.queue)} had waited`;
    case 'busy class':
      return say`Threads busy with ${named(figure.jobClass)}:`;
    case 'waiting':
      return say`Jobs waiting:`;
    case 'retry set':
      return say`Jobs in the retry set:`;
    case 'scheduled set':
      return say`Jobs in the scheduled set:`;
    case 'dead set':
      return say`Jobs in the dead set:`;
    case 'processed':
      return say`Jobs done a minute:`;
    case 'failed':
      return say`Jobs failed a minute:`;
    case 'failure share':
      return say`Failing jobs:`;
    case 'busy':
      return say`Busy threads:`;
    case 'memory':
      return say`Memory of Redis:`;
    case 'crashes':
      return say`Crashes a minute:`;
    default:
      return figure satisfies never;
  }
}

function shown({ kind }: Figure, value: number): string {
  if (kind === 'queue latency') return duration(value);
  if (kind === 'memory') return bytes(value);
  return kind === 'failure share' ? percent(value, 1) : short(Math.round(value));
}

/** How processes died, and who is held to have killed them. */
export function crashLines(morning: Morning): readonly Line[] {
  const { now, night } = morning;
  const crashes = crashesIn(morning);
  const [first, last] = [crashes.at(0), crashes.at(-1)];
  if ('unread' in now || first === undefined || last === undefined) return [];
  const [from, until] = [clockTime(first.atMs, night.calendar), clockTime(last.atMs, night.calendar)];
  const when = from === until ? `at ${from}` : `between ${from} and ${until}`;
  const [verdict] = verdictSentences(now.account.verdict);
  const died = `${counted(crashes.length, 'worker process', 'worker processes')} crashed ${when}`;
  return [{ tone: 'bad', text: say`${bold(died)}. ${verdict}` }];
}

/** Those of the night, in order; none where nobody can ask. */
function crashesIn({ now, night: { range } }: Morning): readonly Crash[] {
  return 'unread' in now ? [] : now.account.crashes.filter(({ atMs }) => atMs >= range.fromMs);
}

/** What was alerted, with its beginning and its end; what was taken back was none. */
export function incidentLines(morning: Morning): readonly Line[] {
  const { incidents, calendar } = morning.night;
  const crashes = crashesIn(morning);
  return incidents.flatMap((incident): readonly Line[] => {
    const { body, sinceMs, untilMs } = incident;
    // An alert that another version kept may be of a kind that is no more.
    const alert = AlertSchema.safeParse(JSON.parse(body)).data;
    if (alert === undefined) return [];
    const { trouble, phase } = alert;
    if (phase === 'corrected' || (isAboutCrashes(trouble) && isSaidOf(crashes, incident))) return [];
    const from = clockTime(sinceMs, calendar);
    if (untilMs === undefined)
      return [{ tone: 'bad', text: say`Since ${from}, still: ${openWords(trouble, sinceMs)}` }];
    const when = `From ${from} to ${clockTime(untilMs, calendar)} (${duration(untilMs - sinceMs)})`;
    return [{ tone: 'warning', text: say`${when} there was an alert: ${closingWords(trouble)}` }];
  });
}

function isAboutCrashes({ kind }: Trouble): boolean {
  return kind === 'crash loop' || kind === 'likely class';
}

/** Who died, and by whom, is said with the crashes themselves, where those are known. */
function isSaidOf(
  crashes: readonly Crash[],
  { sinceMs, untilMs = Number.POSITIVE_INFINITY }: Incident,
): boolean {
  return crashes.some(({ atMs }) => atMs >= sinceMs - BLAMED_WITHIN_MS && atMs <= untilMs);
}

export function driftLine({ jobClass, hours, beforeHours }: ClassDrift): Line {
  const took = `took ${threadHours(hours)}, ${threadHours(beforeHours)} the night before`;
  return { tone: 'neutral', text: say`${named(jobClass)} ${took}.` };
}

/** One thread busy for an hour is a thread-hour. */
function threadHours(hours: number): string {
  if (hours < 0.05) return 'none';
  return hours < 9.95 ? `${hours.toFixed(1)} thread-hours` : counted(Math.round(hours), 'thread-hour');
}

/** Proposals and actions that wait, mutes that hold. */
export function openLines({ night, nowMs }: Morning): readonly Line[] {
  const proposals = night.open.map((proposal) => openLine(proposal, nowMs));
  const mutes = night.mutes.map(({ key, mute }): Line => {
    return {
      tone: 'neutral',
      text: say`Muted: ${key}, by ${person(mute.by)} until ${at(mute.untilMs)}.`,
    };
  });
  return [...proposals, ...mutes];
}

function openLine(proposal: Proposal, nowMs: number): Line {
  const { plan, requester, now, proposedAtMs, id } = proposal;
  const count = `${exact(plannedCount(plan))} affected`;
  const age = duration(nowMs - proposedAtMs);
  return {
    tone: 'warning',
    text: say`${code(id)}: ${plan.action} ${named(plan.target)} (${count}), asked by ${requester.name} ${age} ago: ${STATES[now.state].toLowerCase()}.`,
  };
}
