import type { Command } from '../src/flow/command.ts';
import { backlog } from './backlog.ts';
import { health } from './health.ts';
import { help } from './help.ts';
import { suspects } from './suspects.ts';

/** Every subcommand, in the order in which help lists them. */
export const COMMANDS: readonly Command[] = [health, backlog, suspects, help];
