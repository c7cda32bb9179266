import { parseMuteValue } from '../core/alerts/message.ts';
import { freezeMutes, thawMutes } from '../core/alerts/mutes.ts';
import { admit } from '../core/people.ts';
import { type Answer, type Reply, refuse } from '../core/reply/reply.ts';
import { at, say, type Text } from '../core/reply/text.ts';
import type { AlertStore, Pressed } from '../ports.ts';
import { mutesId } from './alert.ts';

const MUTED_FOR_MS = 3_600_000;

const ACTS = ['alert.mute', 'alert.unmute'];

/** Whether a press is about an alert. */
export function isMutePress({ act }: Pick<Pressed, 'act'>): boolean {
  return ACTS.includes(act);
}

/** Mutes an alert for an hour, or ends that; the message shows it within a look. Twice does no harm. */
export async function pressMute(
  { act, value, actor, channel }: Pressed,
  store: AlertStore,
  sidekiqs: readonly string[],
  nowMs: number,
): Promise<Reply> {
  const admission = admit(actor, channel);
  if (admission.type === 'refusal') return admission;
  const meant = parseMuteValue(value);
  if (meant === undefined || !sidekiqs.includes(meant.sidekiq)) return UNKNOWN_ALERT;
  const { sidekiq, key } = meant;
  const mutes = new Map(thawMutes(await store.load(mutesId(sidekiq))));
  if (act === 'alert.unmute') {
    mutes.delete(key);
    await store.save(mutesId(sidekiq), freezeMutes(mutes, nowMs));
    return said(say`${sidekiq}: the alert is no longer muted.`);
  }
  const untilMs = nowMs + MUTED_FOR_MS;
  mutes.set(key, { untilMs, by: admission.person.id });
  await store.save(mutesId(sidekiq), freezeMutes(mutes, nowMs));
  return said(say`${sidekiq}: nothing new is said about this until ${at(untilMs)}.`);
}

const UNKNOWN_ALERT = refuse(
  'unknown_alert',
  say`I don’t know that alert any more.`,
  say`Nothing was muted. The message may be older than my settings.`,
);

function said(headline: Text): Answer {
  return { type: 'answer', tone: 'neutral', headline, parts: [], buttons: [], data: null };
}
