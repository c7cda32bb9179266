import type { z } from 'zod';
import type { Fields } from '../fields.ts';
import type { Refusal } from '../refusal.ts';
import { faultsOf } from '../validate/faults-of.ts';
import type { Workspace } from '../workspace.ts';

/** A method of the Web API: its name, who may call it, and what it answers besides `ok: true`. */
export type Method = {
  readonly name: string;
  readonly token: 'bot' | 'app';
  /** Any one of these is enough; none means that every installation may call. */
  readonly scopes: readonly string[];
  answer(args: Fields, workspace: Workspace): Fields | Refused;
};

/** Slack's "no", told apart from an answer by its class. */
export class Refused {
  readonly refusal: Refusal;

  constructor(error: string, messages?: readonly string[]) {
    this.refusal = messages === undefined ? { error } : { error, messages };
  }
}

/** A method that sees only arguments of its own shape. */
export function method<Schema extends z.ZodType>(
  name: string,
  definition: {
    readonly token?: 'bot' | 'app';
    readonly scopes?: readonly string[];
    readonly args: Schema;
    readonly answer: (args: z.infer<Schema>, workspace: Workspace) => Fields | Refused;
  },
): Method {
  return {
    name,
    token: definition.token ?? 'bot',
    scopes: definition.scopes ?? [],
    answer: (given, workspace) => {
      const args = definition.args.safeParse(given);
      if (!args.success) return new Refused('invalid_arguments', faultsOf(definition.args, given, []));
      return definition.answer(args.data, workspace);
    },
  };
}
