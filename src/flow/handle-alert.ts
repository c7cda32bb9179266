import { type Ack, freezeAcks, isCovered, thawAcks } from '../core/alerts/acks.ts';
import { type Alert, idOf } from '../core/alerts/alert.ts';
import { alertsOf, isLive } from '../core/alerts/digest.ts';
import { thawAlerts } from '../core/alerts/memory.ts';
import { parseAlertValue } from '../core/alerts/message.ts';
import { freezeMutes, thawMutes } from '../core/alerts/mutes.ts';
import { admit } from '../core/people.ts';
import { type Answer, type Reply, refuse } from '../core/reply/reply.ts';
import { at, person, say, type Text } from '../core/reply/text.ts';
import type { Pressed } from '../ports/chat.ts';
import type { Notes } from '../ports/host.ts';
import { acksId, alertsId, mutesId } from './alert.ts';

const MUTED_FOR_MS = 3_600_000;

const ACTS = ['alert.acknowledge', 'alert.mute', 'alert.unmute'];

/** Whether a press is about an alert. */
export function isAlertPress({ act }: Pick<Pressed, 'act'>): boolean {
  return ACTS.includes(act);
}

/**
 * Takes an alert up in the name of whoever pressed, mutes it for an hour, or ends that; the message shows it within a look.
 * Twice does no harm.
 */
export async function pressAlert(
  { act, value, actor, channel }: Pressed,
  store: Notes,
  sidekiqs: readonly string[],
  nowMs: number,
): Promise<Reply> {
  const admission = admit(actor, channel);
  if (admission.type === 'refusal') return admission;
  const meant = parseAlertValue(value);
  if (meant === undefined || !sidekiqs.includes(meant.sidekiq)) return UNKNOWN_ALERT;
  const { sidekiq, digestId } = meant;
  const open = await openIn(store, sidekiq, digestId);
  if (open === undefined) return UNKNOWN_ALERT;
  const by = admission.person.id;
  if (act === 'alert.acknowledge') return acknowledge(store, sidekiq, digestId, open, { by, atMs: nowMs });
  if (open.length === 0) return OVER;
  const untilMs = nowMs + MUTED_FOR_MS;
  await store.change(mutesId(sidekiq), (text) => {
    const mutes = new Map(thawMutes(text));
    for (const { key } of open) {
      if (act === 'alert.mute') mutes.set(key, { untilMs, by });
      else mutes.delete(key);
    }
    return freezeMutes(mutes, nowMs);
  });
  return act === 'alert.mute'
    ? said(say`${sidekiq}: nothing new is said about this until ${at(untilMs)}.`)
    : said(say`${sidekiq}: the alert is no longer muted.`);
}

/** The first who says so stands in the message, until something is open in it that came later. */
async function acknowledge(
  store: Notes,
  sidekiq: string,
  digestId: string,
  open: readonly Alert[],
  { by, atMs }: Ack,
): Promise<Reply> {
  let first = by;
  await store.change(acksId(sidekiq), (text) => {
    const acks = new Map(thawAcks(text));
    const known = acks.get(digestId);
    const holds = known !== undefined && open.every((alert) => isCovered(alert, known));
    first = holds ? known.by : by;
    if (!holds) acks.set(digestId, { by, atMs, of: open.map(idOf) });
    return freezeAcks(acks, atMs);
  });
  return first === by
    ? said(say`${sidekiq}: you have taken this up; the message says so, and nobody is reminded of it.`)
    : said(say`${sidekiq}: ${person(first)} has taken this up already.`);
}

/** What is open in a message; undefined for a message that nobody remembers. */
async function openIn(
  store: Notes,
  sidekiq: string,
  digestId: string,
): Promise<readonly Alert[] | undefined> {
  const text = await store.load(alertsId(sidekiq));
  const { state, digests } = text === undefined ? { state: { alerts: [] }, digests: [] } : thawAlerts(text);
  const digest = digests.find(({ id }) => id === digestId);
  if (digest === undefined) return undefined;
  if (!isLive(digest)) return [];
  return alertsOf(digest, state.alerts).filter(({ phase }) => phase === 'open');
}

const UNKNOWN_ALERT = refuse(
  'unknown_alert',
  say`I don’t know that alert any more.`,
  say`Nothing was changed. The message may be older than my settings.`,
);

const OVER = refuse(
  'alert_over',
  say`That alert is over.`,
  say`Nothing was changed. If it begins again, this message or a new one says so.`,
);

function said(headline: Text): Answer {
  return { type: 'answer', tone: 'neutral', headline, parts: [], buttons: [], data: null };
}
