/** Slack's "no" to a call: the code, and where it helps the places that are wrong. */
export type Refusal = { readonly error: string; readonly messages?: readonly string[] };

/** `[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]`, as Slack writes it. */
export function pointAt(path: readonly PropertyKey[], sentence: string): string {
  const pointer = path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  return `[ERROR] ${sentence} [json-pointer:${pointer}]`;
}
