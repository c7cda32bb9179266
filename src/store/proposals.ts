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

type Row = Pick<Tables['proposals'], 'id' | 'body'>;

/** The canonical text is the truth; the columns beside it are there to find it by. */
export function proposalReader(database: Database): ProposalReader {
  return {
    proposal: (id) => findProposal(database, id),

    async proposals({ isOpen: wanted, limit, isWhole = false }) {
      let query = database.selectFrom('proposals').select(['id', 'body']);
      if (wanted !== undefined) query = query.where('is_open', '=', wanted ? 1 : 0);
      const newestFirst = query.orderBy('proposed_at_ms', 'desc').orderBy('id', 'desc');
      const page = (from: number) => newestFirst.limit(limit).offset(from).execute();
      return isWhole ? (await page(0)).map(read) : readable(page, limit);
    },

    overdueProposals(nowMs, limit) {
      const longestFirst = database
        .selectFrom('proposals')
        .select(['id', 'body'])
        .where('deadline_ms', '<=', nowMs)
        .orderBy('deadline_ms')
        .orderBy('id');
      return readable((from) => longestFirst.limit(limit).offset(from).execute(), limit);
    },

    async unreadableProposals(limit) {
      const newestFirst = database
        .selectFrom('proposals')
        .select(['id', 'body'])
        .orderBy('proposed_at_ms', 'desc')
        .limit(limit);
      return (await newestFirst.execute()).filter((row) => parse(row) === undefined).map(({ id }) => id);
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

/**
 * The first `limit` that this version can read. A newer bot beside it writes what it can't, and so may a hand: those hide none of
 * the others, however many they are.
 */
async function readable(page: (from: number) => Promise<Row[]>, limit: number): Promise<Proposal[]> {
  const found: Proposal[] = [];
  for (let from = 0; ; from += limit) {
    const rows = await page(from);
    found.push(...rows.flatMap((row) => parse(row) ?? []));
    if (found.length >= limit || rows.length < limit) return found.slice(0, limit);
  }
}

function read(row: Row): Proposal {
  const proposal = parse(row);
  if (proposal !== undefined) return proposal;
  throw new StoreError(
    'corrupt',
    `Proposal ${row.id} in the store can’t be read: a newer version of the bot wrote it, or it was changed. Nothing was done with it.`,
  );
}

function parse({ id, body }: Row): Proposal | undefined {
  const proposal = parseProposal(body);
  return proposal?.id === id ? proposal : undefined;
}
