import { EMPTY_HEAD } from '../src/core/audit/record.ts';
import { refuse } from '../src/core/reply/reply.ts';
import { say } from '../src/core/reply/text.ts';
import type { CommandContext, Records } from '../src/flow/command.ts';

/** Nothing was ever proposed or done. */
export const NO_RECORDS: Records = {
  proposals: async () => [],
  proposal: async () => undefined,
  shown: () => {
    throw new Error('nothing is there to be shown');
  },
  archives: async () => [],
  rescued: async () => ({ count: 0, classes: [] }),
  latestRecords: async () => [],
  report: () => {
    throw new Error('no night is on record');
  },
  verify: async () => ({ type: 'sound', head: EMPTY_HEAD, seal: 'sha256', unkeyed: 0 }),
};

/** For commands that propose nothing. */
export const NO_PROPOSING: Pick<CommandContext, 'propose' | 'records'> = {
  propose: async () => refuse('unexpected', say`Nothing can be proposed here.`, say`Look only.`),
  records: NO_RECORDS,
};
