import { type Acks, isCovered } from './acks.ts';
import type { Digest, ToldAlert } from './digest.ts';
import type { Handling } from './message.ts';
import { type Mutes, muteOf } from './mutes.ts';

/** How people have taken the alerts up. */
export type Handled = { readonly mutes: Mutes; readonly acks: Acks };

/** A message is muted or taken up when all that is open in it is; it says until when the first of them is muted. */
export function handlingOf(
  { id }: Pick<Digest, 'id'>,
  alerts: readonly ToldAlert[],
  { mutes, acks }: Handled,
  nowMs: number,
): Handling {
  const open = alerts.filter(({ phase }) => phase === 'open');
  const muted = open.map(({ key }) => muteOf(mutes, key, nowMs));
  const [mute] = muted.filter((each) => each !== undefined).toSorted((a, b) => a.untilMs - b.untilMs);
  const ack = acks.get(id);
  return {
    mute: muted.includes(undefined) ? undefined : mute,
    ack: ack !== undefined && open.every((alert) => isCovered(alert, ack)) ? ack : undefined,
  };
}
