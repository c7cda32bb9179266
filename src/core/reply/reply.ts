import type { Text } from './text.ts';

/**
 * What a command says back, without a vendor in it: Slack draws it as blocks, the terminal as lines, `--json` prints
 * its `data`. The headline is the verdict in words that support staff understand; parts follow, most important first.
 */
export type Reply = Answer | Refusal;

export type Answer = {
  readonly type: 'answer';
  readonly tone: Tone;
  readonly headline: Text;
  readonly parts: readonly Part[];
  readonly buttons: readonly Button[];
  /** The documented shape for `--json` (docs/json.md); plain JSON values only. */
  readonly data: unknown;
};

/** A no, with its reason and what to do instead. `code` is stable, for tests and logs. */
export type Refusal = {
  readonly type: 'refusal';
  readonly code: string;
  readonly reason: Text;
  readonly remedy: Text;
  readonly buttons: readonly Button[];
};

export type Tone = 'good' | 'warning' | 'bad' | 'neutral';

export type Part =
  | { readonly type: 'paragraph'; readonly text: Text }
  | { readonly type: 'heading'; readonly text: string }
  /** Short sentences, one a line, worst first; and how many more there are than those. */
  | {
      readonly type: 'list';
      readonly items: readonly { readonly tone: Tone; readonly text: Text }[];
      readonly left?: number;
    }
  /** Label and value side by side. */
  | { readonly type: 'facts'; readonly facts: readonly { readonly label: string; readonly value: Text }[] }
  | { readonly type: 'table'; readonly table: Table }
  | { readonly type: 'chart'; readonly chart: Chart }
  /** Small print: when it was read, what is not known. */
  | { readonly type: 'note'; readonly text: Text };

export type Table = {
  /** Says what the table shows; screen readers read it first. */
  readonly caption: string;
  readonly columns: readonly { readonly heading: string; readonly align: 'left' | 'right' }[];
  readonly rows: readonly (readonly string[])[];
  /** Said below when rows were left out: "and 38 more classes". */
  readonly more?: string;
};

/** Stands in a cell that has nothing to show, which no renderer may leave empty. */
export const NOTHING = '–';

export type Chart = {
  readonly type: 'line' | 'bar' | 'area';
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly categories: readonly string[];
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
};

/**
 * `ask` runs another command as if the person had typed it; `refresh` runs the same again in place; `share` posts the
 * answer to the channel. `act` does something beyond looking: what it may do is decided when it is pressed.
 */
export type Button =
  | { readonly type: 'ask'; readonly label: string; readonly command: string }
  | { readonly type: 'refresh'; readonly command: string }
  | { readonly type: 'share' }
  | ActButton;

export type ActButton = {
  readonly type: 'act';
  /** Which act, such as `proposal.approve`; one handler each. It stands in messages for days: never reuse a name. */
  readonly act: string;
  readonly label: string;
  /** An id and a fingerprint at most: what is done is read from the store, never from a button. */
  readonly value: string;
  readonly style?: 'primary' | 'danger';
  /** Only where everybody sees the message; in an answer to one person it would mean nothing. */
  readonly isForChannel?: boolean;
  /** Asked before it is sent; a courtesy of the client, not a check. */
  readonly confirm?: { readonly title: string; readonly text: string; readonly yes: string };
};

export function refuse(code: string, reason: Text, remedy: Text, buttons: readonly Button[] = []): Refusal {
  return { type: 'refusal', code, reason, remedy, buttons };
}
