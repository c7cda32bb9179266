import { type Digest, digestOf } from '../core/alerts/digest.ts';
import { thawAlerts } from '../core/alerts/memory.ts';
import { heldMutes, thawMutes } from '../core/alerts/mutes.ts';
import { debtsIn } from '../core/archive/archive.ts';
import type { Calendar } from '../core/history/calendar.ts';
import { type Duty, dutyIn } from '../core/home/duties.ts';
import { type Home, type HomeFacts, type HomeSidekiq, homeOf } from '../core/home/home.ts';
import { admit, HOME, type Person } from '../core/people.ts';
import type { Refusal } from '../core/reply/reply.ts';
import type { Notes } from '../ports/host.ts';
import { StoreError } from '../ports/store.ts';
import { alertsId, mutesId } from './alert.ts';
import type { ObservedSidekiq, Records } from './command.ts';
import { type Desk, rulesFor } from './desk.ts';
import { factsOf } from './facts.ts';
import { glanceAt } from './health.ts';
import { chartOfNight } from './night.ts';
import { inSight, mayBeSeenBy } from './sight.ts';

/** Open proposals are few: one for each class and place at most. */
const PROPOSALS = 100;

export type HomeDesk = Pick<Desk, 'sidekiqs' | 'directory' | 'clock' | 'store'> & {
  readonly observed: readonly ObservedSidekiq[];
  readonly records: Records;
  readonly alerts: Notes;
  readonly calendarOf: (sidekiq: string) => Calendar;
};

/** What Home shows to whoever opens it, of the sidekiqs that they may see; a no to everybody else. */
export async function drawHome(asker: Person | undefined, desk: HomeDesk): Promise<Home | Refusal> {
  const admission = admit(asker, HOME);
  if (admission.type === 'refusal') return admission;
  const { person } = admission;
  const seen = await inSight(desk.observed, (policy) => mayBeSeenBy(person, policy, desk.directory));
  const nowMs = desk.clock.nowMs();
  const [sidekiqs, onRecord] = await Promise.all([
    Promise.all(seen.map((sidekiq) => sidekiqAt(sidekiq, desk, nowMs))),
    recorded(person, seen, desk, nowMs),
  ]);
  return homeOf({ nowMs, sidekiqs, ...onRecord });
}

async function sidekiqAt(sidekiq: ObservedSidekiq, desk: HomeDesk, nowMs: number): Promise<HomeSidekiq> {
  const { name } = sidekiq.policy;
  const chart = chartOfNight(name, desk.store, desk.calendarOf(name), nowMs);
  // That the store fails is said where its records are missed.
  const night = chart.catch((error: unknown) => {
    if (error instanceof StoreError) return undefined;
    throw error;
  });
  const [glanced, drawn] = await Promise.all([glanceAt(sidekiq), night]);
  return { glance: glanced, night: drawn };
}

/** A store that fails hides what it holds, and nothing else. */
async function recorded(
  person: Person,
  seen: readonly ObservedSidekiq[],
  desk: HomeDesk,
  nowMs: number,
): Promise<Pick<HomeFacts, 'duties' | 'mutes' | 'debts' | 'unknowns'>> {
  try {
    const [duties, mutes, archives] = await Promise.all([
      dutiesOf(person, seen, desk, nowMs),
      mutesOf(seen, desk, nowMs),
      desk.records.archives(),
    ]);
    const names = new Set(seen.map(({ policy }) => policy.name));
    return { ...duties, mutes, debts: debtsIn(archives).filter(({ sidekiq }) => names.has(sidekiq)) };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { duties: [], mutes: [], debts: [], unknowns: [`My store could not be read: ${error.message}`] };
  }
}

async function dutiesOf(
  person: Person,
  seen: readonly ObservedSidekiq[],
  desk: HomeDesk,
  nowMs: number,
): Promise<Pick<HomeFacts, 'duties' | 'unknowns'>> {
  const open = await desk.records.proposals({ isOpen: true, limit: PROPOSALS });
  const duties: { readonly duty: Duty; readonly proposal: (typeof open)[number] }[] = [];
  let isUnknown = false;
  for (const { policy, rules } of desk.sidekiqs) {
    const isSeen = seen.some((one) => one.policy.name === policy.name);
    const own = isSeen ? open.filter(({ plan }) => plan.sidekiq === policy.name) : [];
    if (own.length === 0) continue;
    const facts = await factsOf([person.id], rules, desk.directory);
    if (facts === 'unknown') isUnknown = true;
    const known = facts === 'unknown' ? undefined : facts[0];
    for (const proposal of own) {
      const duty = dutyIn(proposal, person, known, rulesFor(proposal.plan, desk), nowMs);
      if (duty !== undefined) duties.push({ duty, proposal });
    }
  }
  return { duties, unknowns: isUnknown ? [GROUPS_UNKNOWN] : [] };
}

const GROUPS_UNKNOWN =
  'Slack did not say which groups you are in, so proposals that wait for you may be missing.';

async function mutesOf(
  seen: readonly ObservedSidekiq[],
  { alerts }: HomeDesk,
  nowMs: number,
): Promise<HomeFacts['mutes']> {
  const all = await Promise.all(
    seen.map(async ({ policy: { name } }) => {
      const mutes = thawMutes(await alerts.load(mutesId(name)));
      const digests = mutes.size === 0 ? [] : digestsIn(await alerts.load(alertsId(name)));
      return heldMutes(mutes, nowMs).map(({ key, mute }) => {
        return { sidekiq: name, key, mute, digestId: digestOf(key, digests)?.id };
      });
    }),
  );
  return all.flat();
}

/** What another version wrote is forgotten by its own alerts, too. */
function digestsIn(text: string | undefined): readonly Digest[] {
  try {
    return text === undefined ? [] : thawAlerts(text).digests;
  } catch {
    return [];
  }
}
