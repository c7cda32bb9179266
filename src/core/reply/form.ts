import type { Text } from './text.ts';

/** What a person is asked in a window of its own: a reason, a class to type, a choice. */
export type Form = {
  readonly type: 'form';
  /** Which submission handler takes it, such as `proposal.deny`. */
  readonly form: string;
  readonly title: string;
  readonly submit: string;
  /** Comes back with the submission; an id, never data to act on. */
  readonly value: string;
  readonly words: readonly Text[];
  readonly fields: readonly Field[];
};

export type Field = {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly isOptional?: boolean;
  readonly input:
    | { readonly type: 'text'; readonly isLong: boolean; readonly maxLength: number }
    | {
        readonly type: 'choice';
        readonly choices: readonly { readonly value: string; readonly label: string }[];
      };
};

/** Sentences by field name, shown beside the fields; the window stays open. */
export type FormErrors = { readonly type: 'errors'; readonly errors: ReadonlyMap<string, string> };
