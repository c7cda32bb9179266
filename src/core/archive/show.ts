import { counted } from '../amounts.ts';
import { listed } from '../reply/listed.ts';
import type { Part } from '../reply/reply.ts';
import { at, code, say } from '../reply/text.ts';
import { type ArchiveAccount, debtsIn } from './archive.ts';
import { debtLine } from './debt.ts';

/** What will be forgotten so soon is said ahead. */
const SOON_MS = 14 * 86_400_000;
const SHOWN = 10;

/** "40 archived jobs are owed", for a headline; empty when none is. */
export function debtWords(accounts: readonly ArchiveAccount[]): string {
  const owed = debtsIn(accounts).reduce((sum, one) => sum + one.owed, 0);
  return owed === 0 ? '' : `${counted(owed, 'archived job')} ${owed === 1 ? 'is' : 'are'} owed`;
}

/** What is archived and still owed, oldest first, and what will soon be forgotten. No table: Slack takes one a message. */
export function archiveParts(accounts: readonly ArchiveAccount[], nowMs: number): readonly Part[] {
  const debts = debtsIn(accounts).map((debt) => debtLine(debt, nowMs));
  // A debt says when it expires.
  const soon = accounts.filter(
    ({ owed, expiresAtMs }) => owed === 0 && expiresAtMs !== undefined && expiresAtMs < nowMs + SOON_MS,
  );
  return [
    ...listed('Archived and owed, the oldest first', debts, SHOWN),
    ...soon.slice(0, SHOWN).map(
      ({ actionId, archived, jobClass, expiresAtMs }): Part => ({
        type: 'note',
        text: say`The archive of ${code(actionId)} (${counted(archived, 'job')} of ${jobClass}) expires ${at(expiresAtMs ?? nowMs)}.`,
      }),
    ),
  ];
}

/** The shape of docs/json.md, "actions". */
export function archiveJson(account: ArchiveAccount) {
  const { actionId, sidekiq, jobClass, archived, restored, uncertain, writtenOff, owed, owner } = account;
  const { firstAtMs, expiresAtMs } = account;
  return {
    action: actionId,
    sidekiq,
    class: jobClass,
    archived,
    restored,
    uncertain,
    writtenOff,
    owed,
    archivedAt: new Date(firstAtMs).toISOString(),
    owner: owner ?? null,
    expiresAt: expiresAtMs === undefined ? null : new Date(expiresAtMs).toISOString(),
  };
}
