/** What has become of the jobs of one action. What is neither restored, uncertain nor written off is owed. */
export type Archive = {
  readonly actionId: string;
  readonly archived: number;
  readonly restored: number;
  readonly uncertain: number;
  readonly writtenOff: number;
  readonly firstAtMs: number;
  /** When a job came in or was ended last. */
  readonly lastAtMs: number;
};

/** How long archives are kept, as the settings say. */
export type Keeping = {
  /** After the last job came in or was ended; undefined for ever. */
  readonly keepMs: number | undefined;
  /** Also where jobs are still owed. */
  readonly expiresDebt: boolean;
};

/** What people must know of an archive: whose it is, how much of it is still owed, and when it will be gone. */
export type ArchiveAccount = Archive & {
  readonly sidekiq: string;
  readonly jobClass: string;
  /** Archived and neither put back nor written off: somebody has to decide about them. */
  readonly owed: number;
  /** Whom to ask, as the settings name them for the class. */
  readonly owner: string | undefined;
  readonly expiresAtMs: number | undefined;
};

export function owedOf({ archived, restored, uncertain, writtenOff }: Archive): number {
  return Math.max(0, archived - restored - uncertain - writtenOff);
}

/** When it may be forgotten; undefined for never. What is owed never expires unless the settings say so. */
export function expiryOf(archive: Archive, { keepMs, expiresDebt }: Keeping): number | undefined {
  if (keepMs === undefined || (owedOf(archive) > 0 && !expiresDebt)) return undefined;
  return archive.lastAtMs + keepMs;
}

/** Those of which something is owed, the oldest first. */
export function debtsIn(accounts: readonly ArchiveAccount[]): readonly ArchiveAccount[] {
  return accounts.filter(({ owed }) => owed > 0).toSorted((one, other) => one.firstAtMs - other.firstAtMs);
}
