import type { Fields } from './fields.ts';

export type DeliveryKind = 'slash_commands' | 'interactive' | 'events_api';

/** What arrived for a delivery, measured from when it was sent. */
export type Ack = { readonly afterMs: number; readonly payload: unknown; readonly isLate: boolean };

/** Something that a person did, on its way to the bot. */
export type Delivery = {
  readonly envelopeId: string;
  readonly kind: DeliveryKind;
  readonly payload: Fields;
  readonly person: string;
  readonly sentAtMs: number;
  /** The connections that carried it: one, or two if it was told to arrive twice; none over HTTP. */
  readonly connections: readonly number[];
  /** In the order of arrival; a good bot sends exactly one for each copy. */
  readonly acks: readonly Ack[];
};

/** What became of a delivery, seen from the person who waits. */
export type Reply =
  | { readonly status: 'acknowledged'; readonly payload: unknown }
  | { readonly status: 'late' }
  | { readonly status: 'unreachable'; readonly detail: string };
