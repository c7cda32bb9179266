import type { Block, Person } from './api.ts';
import type { Form } from './form.ts';
import type { Names } from './text/draw.ts';

/** What a block or an element may know of where it stands: a message, a modal or the Home tab. */
export type Surface = {
  readonly names: Names;
  readonly people: readonly Person[];
  readonly channels: readonly { readonly id: string; readonly name: string }[];
  readonly form: Form;
  /** Tells the bot that something was pressed or chosen; settles when the bot has answered. */
  readonly press: (blockId: string, actionId: string, chosen?: readonly string[]) => Promise<void>;
  /** For blocks that hold blocks. */
  readonly drawBlocks: (blocks: readonly Block[]) => readonly HTMLElement[];
};

/** Where one element stands within its surface. */
export type Place = {
  readonly surface: Surface;
  readonly blockId: string;
  /** Inside an `input` block a choice waits for Submit; elsewhere the bot hears of it at once. */
  readonly tellsAtOnce: boolean;
  readonly isRequired: boolean;
  /** The id of the element that names it, for screen readers; without one its placeholder does. */
  readonly labelledBy?: string;
  readonly describedBy?: string;
};
