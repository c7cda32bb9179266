import { randomUUID } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { Ack, Delivery, DeliveryKind, Reply } from './delivery.ts';
import type { Faults } from './faults.ts';
import type { Fields } from './fields.ts';
import { Journal } from './journal.ts';
import { postSigned } from './signed-post.ts';
import type { SocketLink } from './socket-link.ts';

/** The bot must acknowledge within three seconds (reference/slack.md, section 2). */
const ACK_WITHIN_MS = 3_000;

type Underway = Delivery & {
  readonly connections: number[];
  readonly acks: Ack[];
  readonly startedMs: number;
  isOver: boolean;
};

type Way = { readonly url: string; readonly signingSecret: string };

/** Takes what people do to the bot, over a socket or as signed POSTs, and watches for its acknowledgement. */
export class Deliveries {
  readonly #clock: Clock;
  readonly #faults: Faults;
  readonly #sockets: () => SocketLink;
  readonly #journal = new Journal<Underway>();
  readonly #waiting = new Map<string, (reply: Reply) => void>();
  #http: Way | undefined;

  constructor(clock: Clock, faults: Faults, sockets: () => SocketLink) {
    this.#clock = clock;
    this.#faults = faults;
    this.#sockets = sockets;
  }

  get all(): readonly Delivery[] {
    return this.#journal.entries;
  }

  get isBotReachable(): boolean {
    return this.#http !== undefined || this.#sockets().connectionCount > 0;
  }

  /** From now on everything goes to this address instead of the sockets. */
  useHttp(way: Way): void {
    this.#http = way;
  }

  /** Resolves when the bot has acknowledged, or has failed to for three seconds. */
  async deliver(kind: DeliveryKind, payload: Fields, person: string): Promise<Reply> {
    const delivery: Underway = {
      envelopeId: randomUUID(),
      kind,
      payload,
      person,
      sentAtMs: this.#clock.nowMs(),
      startedMs: performance.now(),
      connections: [],
      acks: [],
      isOver: false,
    };
    this.#journal.add(delivery);
    const reply = new Promise<Reply>((resolve) => {
      const cancel = this.#clock.after(ACK_WITHIN_MS, () => settle({ status: 'late' }));
      const settle = (outcome: Reply) => {
        cancel();
        delivery.isOver = true;
        this.#waiting.delete(delivery.envelopeId);
        resolve(outcome);
      };
      this.#waiting.set(delivery.envelopeId, settle);
    });
    const delayMs = this.#faults.takeDeliveryDelayMs();
    const copies = this.#faults.takeDuplicate() ? 2 : 1;
    const send = () => {
      for (let copy = 0; copy < copies; copy += 1) this.#send(delivery, copy);
    };
    if (delayMs > 0) this.#clock.after(delayMs, send);
    else send();
    return reply;
  }

  /** An acknowledgement has come in, perhaps late, perhaps once more. */
  acknowledge(envelopeId: string, payload: unknown): void {
    const delivery = this.#journal.entries.findLast((one) => one.envelopeId === envelopeId);
    if (delivery === undefined) return;
    const isLate = delivery.isOver && delivery.acks.length === 0;
    delivery.acks.push({ afterMs: performance.now() - delivery.startedMs, payload, isLate });
    this.#waiting.get(envelopeId)?.({ status: 'acknowledged', payload });
  }

  #send(delivery: Underway, copy: number): void {
    if (this.#http !== undefined) {
      void this.#post(this.#http, delivery);
      return;
    }
    const acceptsPayload =
      delivery.kind === 'slash_commands' || delivery.payload['type'] === 'view_submission';
    const connection = this.#sockets().send({
      envelope_id: delivery.envelopeId,
      type: delivery.kind,
      payload: delivery.payload,
      accepts_response_payload: acceptsPayload,
      ...(delivery.kind === 'events_api'
        ? { retry_attempt: copy, retry_reason: copy === 0 ? '' : 'timeout' }
        : {}),
    });
    if (connection === undefined) this.#fail(delivery, 'the app is not connected');
    else delivery.connections.push(connection);
  }

  async #post(way: Way, delivery: Underway): Promise<void> {
    const atS = Math.floor(this.#clock.nowMs() / 1000);
    try {
      const answer = await postSigned(way, delivery, atS);
      if (answer.ok) this.acknowledge(delivery.envelopeId, answer.payload);
      else this.#fail(delivery, answer.detail);
    } catch {
      this.#fail(delivery, 'the app cannot be reached');
    }
  }

  #fail(delivery: Underway, detail: string): void {
    this.#waiting.get(delivery.envelopeId)?.({ status: 'unreachable', detail });
  }
}
