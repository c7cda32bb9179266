import type { Values } from './api.ts';

export type Value = string | readonly string[] | null;

/** One input that stands on a surface. */
export type Field = {
  readonly read: () => Value;
  /** Why what stands in it can't be sent, in words for the person who filled it in. */
  readonly problem: () => string | undefined;
  readonly focus: () => void;
};

/** The inputs of one message or view. */
export type Form = {
  readonly add: (blockId: string, actionId: string, field: Field) => void;
  /** What the person had put there before the surface was redrawn; Slack keeps it while both ids stay. */
  readonly kept: (blockId: string, actionId: string) => Value | undefined;
  readonly values: () => Values;
  /** block_id -> sentence, in the order of the inputs. */
  readonly problems: () => ReadonlyMap<string, string>;
  readonly focus: (blockId: string) => void;
};

export function createForm(before: Values): Form {
  const fields = new Map<string, Map<string, Field>>();
  return {
    add: (blockId, actionId, field) => {
      const block = fields.get(blockId) ?? new Map<string, Field>();
      fields.set(blockId, block.set(actionId, field));
    },
    kept: (blockId, actionId) => {
      const block = Object.hasOwn(before, blockId) ? before[blockId] : undefined;
      return block !== undefined && Object.hasOwn(block, actionId) ? block[actionId] : undefined;
    },
    values: () =>
      Object.fromEntries(
        [...fields].map(([blockId, block]) => [
          blockId,
          Object.fromEntries([...block].map(([actionId, field]) => [actionId, field.read()])),
        ]),
      ),
    problems: () => {
      const found = new Map<string, string>();
      for (const [blockId, block] of fields)
        for (const field of block.values()) {
          const problem = field.problem();
          if (problem !== undefined && !found.has(blockId)) found.set(blockId, problem);
        }
      return found;
    },
    focus: (blockId) => {
      const [first] = fields.get(blockId)?.values() ?? [];
      first?.focus();
    },
  };
}
