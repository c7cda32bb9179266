import { type Fields, isFields } from '../fields.ts';

/** The arguments whose form fields hold JSON text (reference/slack.md, section 3). */
const JSON_ARGUMENTS = ['attachments', 'blocks', 'files', 'metadata', 'view'];

/** Reads the arguments of a call out of its body and address; undefined if the body is not what it says it is. */
export function readArguments(query: URLSearchParams, contentType: string, body: string): Fields | undefined {
  const asked = Object.fromEntries(query);
  if (contentType.startsWith('application/json')) {
    const parsed = parseJson(body);
    return isFields(parsed) ? { ...asked, ...parsed } : undefined;
  }
  const fields: Record<string, unknown> = { ...asked, ...Object.fromEntries(new URLSearchParams(body)) };
  for (const name of JSON_ARGUMENTS) {
    const text = fields[name];
    // Text that is no JSON stays text: the method then says which argument is wrong.
    if (typeof text === 'string') fields[name] = parseJson(text) ?? text;
  }
  return fields;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
