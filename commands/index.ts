import type { Command } from '../src/flow/command.ts';
import { actions } from './actions.ts';
import { audit } from './audit.ts';
import { backlog } from './backlog.ts';
import { health } from './health.ts';
import { help } from './help.ts';
import { migrate } from './migrate.ts';
import { purge } from './purge.ts';
import { quiet } from './quiet.ts';
import { report } from './report.ts';
import { restore } from './restore.ts';
import { suspects } from './suspects.ts';
import { writeoff } from './writeoff.ts';

/** Every subcommand, in the order in which help lists them. */
export const COMMANDS: readonly Command[] = [
  health,
  backlog,
  suspects,
  purge,
  restore,
  writeoff,
  migrate,
  quiet,
  actions,
  audit,
  report,
  help,
];
