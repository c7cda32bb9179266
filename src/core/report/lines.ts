import { AlertSchema } from '../alerts/alert.ts';
import type { Trouble } from '../alerts/trouble.ts';
import { closingWords, openWords } from '../alerts/words.ts';
import { counted, duration, exact } from '../amounts.ts';
import type { Proposal } from '../approval/proposal.ts';
import { STATES } from '../approval/show.ts';
import type { Crash } from '../attribution/crash.ts';
import { verdictSentences } from '../attribution/verdict-sentences.ts';
import type { Incident } from '../history/incident.ts';
import { plannedCount } from '../plan.ts';
import { type Line, named } from '../reply/line.ts';
import { at, bold, code, person, say } from '../reply/text.ts';
import type { ClassDrift } from './drift.ts';
import { clockTime, type Morning } from './night.ts';

/** A class becomes likely some time after the crash that shows it. */
const BLAMED_WITHIN_MS = 60 * 60_000;

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
