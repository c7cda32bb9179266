/** One record of the audit log, as far as the week looks at it. */
export type Recorded = {
  readonly what: string;
  readonly proposalId: string | null;
  readonly who: { readonly id: string };
};

export type ActionFaults = {
  readonly actions: number;
  readonly ran: number;
  /** Started or ended more than once, or went on after its end. */
  readonly twice: readonly string[];
  /** Ran without a second person's word before. */
  readonly unapproved: readonly string[];
  /** Approved, and never came to an end. */
  readonly endless: readonly string[];
};

const ENDS = ['done', 'stopped', 'failed', 'denied', 'cancelled', 'expired'];
/** Late presses are refused and recorded, also of what has ended. */
const AFTERWARDS = ['refused', 'archive expired'];

/** What the log says of each action, held against what must always be true of one. */
export function judgeActions(records: readonly Recorded[]): ActionFaults {
  const twice: string[] = [];
  const unapproved: string[] = [];
  const endless: string[] = [];
  let ran = 0;
  const byId = Map.groupBy(
    records.filter(({ what }) => !AFTERWARDS.includes(what)),
    ({ proposalId }) => proposalId ?? '',
  );
  byId.delete('');
  for (const [id, lines] of byId) {
    const told = lines.map(({ what }) => what);
    const said = `${id}: ${told.filter((what) => what !== 'step').join(', ')}`;
    const started = told.filter((what) => what === 'started').length;
    const ends = told.filter((what) => ENDS.includes(what)).length;
    if (started > 0) ran += 1;
    if (started > 1 || ends > 1 || (ends === 1 && !ENDS.includes(told.at(-1) ?? ''))) twice.push(said);
    if (ends === 0) endless.push(said);
    if (started > 0 && !hasSecondWord(lines)) unapproved.push(said);
  }
  return { actions: byId.size, ran, twice, unapproved, endless };
}

function hasSecondWord(lines: readonly Recorded[]): boolean {
  const requester = lines.find(({ what }) => what === 'proposed')?.who.id;
  const startedAt = lines.findIndex(({ what }) => what === 'started');
  const before = lines.slice(0, startedAt);
  return (
    requester !== undefined &&
    before.some(({ what }) => what === 'approved') &&
    before.some(({ what, who }) => what === 'vote' && who.id !== requester)
  );
}
