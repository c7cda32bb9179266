import { createHmac } from 'node:crypto';
import type { Delivery } from './delivery.ts';

/** HTTP mode (reference/slack.md, section 5): the same payloads, as signed POSTs to the bot's own address. */

export type PostAnswer =
  | { readonly ok: true; readonly payload: unknown }
  | { readonly ok: false; readonly detail: string };

/** Sends one delivery and reads the acknowledgement out of the answer. */
export async function postSigned(
  to: { readonly url: string; readonly signingSecret: string },
  delivery: Pick<Delivery, 'kind' | 'payload'>,
  atS: number,
): Promise<PostAnswer> {
  const { body, contentType } = encode(delivery);
  const signature = createHmac('sha256', to.signingSecret).update(`v0:${atS}:${body}`).digest('hex');
  const response = await fetch(to.url, {
    method: 'POST',
    body,
    headers: {
      'content-type': contentType,
      'x-slack-request-timestamp': String(atS),
      'x-slack-signature': `v0=${signature}`,
    },
  });
  const text = await response.text();
  if (response.status !== 200) return { ok: false, detail: `HTTP ${response.status}` };
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  return { ok: true, payload: isJson && text !== '' ? JSON.parse(text) : text };
}

function encode({ kind, payload }: Pick<Delivery, 'kind' | 'payload'>) {
  switch (kind) {
    case 'slash_commands': {
      const fields = Object.entries(payload).map(([name, value]) => [name, String(value)] as const);
      const form = new URLSearchParams(Object.fromEntries(fields));
      return { body: form.toString(), contentType: FORM };
    }
    case 'interactive':
      return {
        body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString(),
        contentType: FORM,
      };
    case 'events_api':
      return { body: JSON.stringify(payload), contentType: 'application/json' };
    default:
      return kind satisfies never;
  }
}

const FORM = 'application/x-www-form-urlencoded';
