import type { SocketModeReceiver } from '@slack/bolt';
import type { Clock, Log } from '../ports/host.ts';

type Client = SocketModeReceiver['client'];
type Delivered = { readonly ack: (answer?: unknown) => Promise<void> };

/** Slack waits three seconds for an acknowledgement; what is left of them after a new connection was opened. */
const ACKNOWLEDGE_WITHIN_MS = 2500;
const TRY_AGAIN_MS = 50;

/**
 * What was delivered over a connection that is gone by now is acknowledged over the next one. The person sees no difference.
 * Gives what is to be done once there is a next one after one that just broke: what was sent in its last moments may never have
 * left, so it is sent again, or Slack would tell a person of a failure although the bot has heard and acts. Twice does no harm.
 */
export function acknowledgeInAnyCase(client: Client, clock: Clock, closed: AbortSignal): () => void {
  let sent: readonly { readonly atMs: number; readonly again: () => Promise<void> }[] = [];
  const recently = () => sent.filter(({ atMs }) => clock.steadyMs() - atMs < ACKNOWLEDGE_WITHIN_MS);
  rewire<[Delivered]>(client, 'slack_event', (deliver, event) =>
    deliver({
      ...event,
      ack: async (answer?: unknown) => {
        const acknowledge = () => event.ack(answer);
        await insist(acknowledge, clock, closed);
        sent = [...recently(), { atMs: clock.steadyMs(), again: acknowledge }];
      },
    }),
  );
  return () => {
    for (const { again } of recently()) again().catch(() => {});
  };
}

/**
 * Slack says farewell some time before it ends a connection, and may deliver until then. The client closes it at once, and is
 * deaf from then on (socket-mode 3.1), so a command of that instant would fail for whoever typed it. Here the farewell is only
 * told, and the connection stays open for as long as Slack keeps it.
 */
export function hearFarewells(client: Client, log: Log, onFarewell: () => void): void {
  rewire<[data: unknown, isBinary: unknown]>(client, 'ws_message', async (read, data, isBinary) => {
    try {
      if (isFarewell(data)) onFarewell();
      else await read(data, isBinary);
    } catch (error) {
      // Its own listener rejects where nobody can catch it when a frame is not as it expects, such as an
      // `app_rate_limited`, which has no `event`.
      log.warn({ err: error }, 'Slack sent a frame that can’t be read');
    }
  });
}

async function insist(acknowledge: () => Promise<void>, clock: Clock, closed: AbortSignal): Promise<void> {
  const untilMs = clock.steadyMs() + ACKNOWLEDGE_WITHIN_MS;
  for (;;) {
    try {
      return await acknowledge();
    } catch (error) {
      if (clock.steadyMs() >= untilMs || closed.aborted) throw error;
      await clock.wait(TRY_AGAIN_MS, closed);
    }
  }
}

/** Puts something between the client and those who listen to one of its events. */
function rewire<Args extends readonly unknown[]>(
  client: Client,
  event: string,
  between: (listener: (...args: Args) => unknown, ...args: Args) => unknown,
): void {
  const listeners: ((...args: never) => unknown)[] = client.listeners(event);
  client.removeAllListeners(event);
  for (const listener of listeners) {
    client.on(event, (...args) => between(listener as (...args: Args) => unknown, ...(args as never)));
  }
}

function isFarewell(data: unknown): boolean {
  if (typeof data !== 'string' || !data.includes('"disconnect"')) return false;
  const frame: unknown = JSON.parse(data);
  return typeof frame === 'object' && frame !== null && 'type' in frame && frame.type === 'disconnect';
}
