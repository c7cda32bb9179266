import { parseMuteValue } from '../core/alerts/message.ts';
import { freezeMutes, thawMutes } from '../core/alerts/mutes.ts';
import { type Answer, type Refusal, refuse } from '../core/reply/reply.ts';
import { at, say, type Text } from '../core/reply/text.ts';
import type { AlertStore } from '../ports.ts';
import { mutesId } from './alert.ts';

const MUTED_FOR_MS = 3_600_000;

export type MutePress = {
  readonly act: 'alert.mute' | 'alert.unmute';
  /** What the button carries: the sidekiq and which of its alerts. */
  readonly value: string;
  /** Whose press it was. */
  readonly by: string;
};

/** Mutes an alert for an hour, or ends that; the message shows it within a look. Twice does no harm. */
export async function pressMute(
  { act, value, by }: MutePress,
  store: AlertStore,
  nowMs: number,
): Promise<Answer | Refusal> {
  const meant = parseMuteValue(value);
  if (meant === undefined)
    return refuse('unknown_alert', say`I don’t know that alert any more.`, say`Nothing was muted.`);
  const { sidekiq, key } = meant;
  const mutes = new Map(thawMutes(await store.load(mutesId(sidekiq))));
  if (act === 'alert.unmute') {
    mutes.delete(key);
    await store.save(mutesId(sidekiq), freezeMutes(mutes, nowMs));
    return said(say`${sidekiq}: the alert is no longer muted.`);
  }
  const untilMs = nowMs + MUTED_FOR_MS;
  mutes.set(key, { untilMs, by });
  await store.save(mutesId(sidekiq), freezeMutes(mutes, nowMs));
  return said(say`${sidekiq}: nothing new is said about this until ${at(untilMs)}.`);
}

function said(headline: Text): Answer {
  return { type: 'answer', tone: 'neutral', headline, parts: [], buttons: [], data: null };
}
