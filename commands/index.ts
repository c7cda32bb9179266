import type { Command } from '../src/flow/command.ts';

/** Every subcommand, in the order in which help lists them. */
export const COMMANDS: readonly Command[] = [];
