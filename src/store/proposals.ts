import type { Transaction } from 'kysely';
import {
  deadlineMs,
  encodeProposal,
  isOpen,
  type Proposal,
  parseProposal,
} from '../core/approval/proposal.ts';
import { subjectOf } from '../core/plan.ts';
import type { StepWriter } from '../ports/archive.ts';
import { type ProposalReader, StoreError, type StoreTransaction } from '../ports/store.ts';
import type { Database, Tables } from './tables.ts';

/** The canonical text is the truth; the columns beside it are there to find it by. */
export function proposalReader(database: Database): ProposalReader {
  return {
    proposal: (id) => findProposal(database, id),

    async proposals({ isOpen: wanted, limit }) {
      let query = database.selectFrom('proposals').select(['id', 'body']);
      if (wanted !== undefined) query = query.where('is_open', '=', wanted ? 1 : 0);
      const rows = await query.orderBy('proposed_at_ms', 'desc').orderBy('id', 'desc').limit(limit).execute();
      return rows.map(read);
    },

    async overdueProposals(nowMs, limit) {
      const rows = await database
        .selectFrom('proposals')
        .select(['id', 'body'])
        .where('deadline_ms', '<=', nowMs)
        .orderBy('deadline_ms')
        .limit(limit)
        .execute();
      return rows.map(read);
    },
  };
}

export function proposalWriter(tx: Transaction<Tables>): Omit<StoreTransaction, 'append' | keyof StepWriter> {
  return {
    proposal: (id) => findProposal(tx, id),

    async openProposal(subject) {
      const row = await tx
        .selectFrom('proposals')
        .select(['id', 'body'])
        .where('subject', '=', subject)
        .where('is_open', '=', 1)
        .executeTakeFirst();
      return row === undefined ? undefined : read(row);
    },

    async addProposal(proposal) {
      const row = { id: proposal.id, subject: subjectOf(proposal.plan), ...columnsOf(proposal) };
      const { numInsertedOrUpdatedRows } = await tx
        .insertInto('proposals')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow();
      return numInsertedOrUpdatedRows === 1n;
    },

    async replaceProposal(next) {
      const { numUpdatedRows } = await tx
        .updateTable('proposals')
        .set(columnsOf(next))
        .where('id', '=', next.id)
        .where('version', '=', next.version - 1)
        .executeTakeFirstOrThrow();
      return numUpdatedRows === 1n;
    },
  };
}

async function findProposal(database: Database, id: string): Promise<Proposal | undefined> {
  const row = await database
    .selectFrom('proposals')
    .select(['id', 'body'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : read(row);
}

function columnsOf(proposal: Proposal) {
  return {
    version: proposal.version,
    is_open: isOpen(proposal) ? 1 : 0,
    proposed_at_ms: proposal.proposedAtMs,
    deadline_ms: deadlineMs(proposal) ?? null,
    body: encodeProposal(proposal),
  };
}

function read({ id, body }: { readonly id: string; readonly body: string }): Proposal {
  const proposal = parseProposal(body);
  if (proposal?.id === id) return proposal;
  throw new StoreError(
    'corrupt',
    `Proposal ${id} in the store is not as it was written. Nothing was done with it.`,
  );
}
