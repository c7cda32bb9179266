import { type Finding, unknown } from './finding.ts';

const LATER = 'Run the doctor again in some minutes.';

/** Words of Slack's, and ours where it has none, that say nothing of what was asked for: why, and what to do. */
const UNASKED: ReadonlyMap<string, readonly [because: string, remedy: string]> = new Map([
  ['ratelimited', ['Slack takes no more questions of this app for now', LATER]],
  ['unreachable', ['Slack did not answer', LATER]],
  ['unreadable', ['Slack gave an answer that can’t be read', LATER]],
  ['internal_error', ['something went wrong in Slack', LATER]],
  ['fatal_error', ['something went wrong in Slack', LATER]],
  ['service_unavailable', ['Slack can’t be used for now', LATER]],
  ['request_timeout', ['something went wrong in Slack', LATER]],
  [
    'missing_scope',
    ['the token lacks the scope for it', 'Add the scope that is missing, then run it again.'],
  ],
]);

/** Whether nothing at all is known of what was asked for. */
export function isUnasked(error: string): boolean {
  return UNASKED.has(error);
}

/** The finding that it could not be asked; undefined where Slack gave an answer, and what was asked for is wrong. */
export function unaskedFinding(about: string, whatFor: string, error: string): Finding | undefined {
  const [because, remedy] = UNASKED.get(error) ?? [];
  if (because === undefined || remedy === undefined) return undefined;
  return unknown(about, `${whatFor} could not be asked: ${because} (${error}).`, remedy);
}
