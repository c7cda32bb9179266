import { counted, exact } from '../src/core/amounts.ts';
import { isOpen, type Proposal } from '../src/core/approval/proposal.ts';
import { proposalJson, STATES } from '../src/core/approval/show.ts';
import { archiveJson, archiveParts, debtWords } from '../src/core/archive/show.ts';
import { plannedCount } from '../src/core/plan.ts';
import type { Reply } from '../src/core/reply/reply.ts';
import { type Answer, refuse, type Table } from '../src/core/reply/reply.ts';
import { code, say } from '../src/core/reply/text.ts';
import type { Command, CommandContext } from '../src/flow/command.ts';

const RECENT = 20;
/** With Refresh and Share a row of five. */
const BUTTONS = 3;

export const actions: Command<Reply> = {
  name: 'actions',
  usage: 'actions [ACTION]',
  summary: 'what was proposed and done lately; one in full',
  words: { max: 1, options: {} },
  sidekiqs: 'any',
  async run({ words }, context) {
    const [id] = words;
    if (id === undefined) return recent(context);
    const proposal = await context.records.proposal(id.toLowerCase());
    if (proposal !== undefined && isOfHere(proposal, context)) return context.records.shown(proposal);
    return refuse(
      'unknown_proposal',
      say`There is no action ${code(id)} here.`,
      say`${code('/sidekiq actions')} lists the latest.`,
      [{ type: 'ask', label: 'Actions', command: 'actions' }],
    );
  },
};

async function recent(context: CommandContext): Promise<Answer> {
  const latest = await context.records.proposals({ limit: RECENT });
  const here = latest.filter((proposal) => isOfHere(proposal, context));
  const open = here.filter(isOpen);
  const shown = here.slice(0, BUTTONS);
  const names = new Set(context.sidekiqs.map(({ policy }) => policy.name));
  const archives = (await context.records.archives()).filter(({ sidekiq }) => names.has(sidekiq));
  const debt = debtWords(archives);
  const opened = open.length === 0 ? 'Nothing is open' : `${counted(open.length, 'action')} open`;
  return {
    type: 'answer',
    tone: open.length > 0 || debt !== '' ? 'warning' : 'neutral',
    headline: say`${debt === '' ? opened : `${opened}; ${debt}`}`,
    parts: [
      ...archiveParts(archives, context.nowMs),
      here.length === 0
        ? { type: 'paragraph', text: say`Nothing has been proposed yet.` }
        : { type: 'table', table: tableOf(here) },
    ],
    buttons: [
      ...shown.map(({ id }) => ({ type: 'ask', label: id, command: `actions ${id}` }) as const),
      { type: 'refresh', command: context.typed },
      { type: 'share' },
    ],
    data: { actions: here.map(proposalJson), archives: archives.map(archiveJson) },
  };
}

function tableOf(proposals: readonly Proposal[]): Table {
  return {
    caption: 'Actions, newest first',
    columns: [
      { heading: 'Action', align: 'left' },
      { heading: 'State', align: 'left' },
      { heading: 'What', align: 'left' },
      { heading: 'Count', align: 'right' },
      { heading: 'Asked by', align: 'left' },
      { heading: 'Proposed (UTC)', align: 'left' },
    ],
    rows: proposals.map(({ id, now, plan, requester, proposedAtMs }) => [
      id,
      STATES[now.state],
      `${plan.action} ${plan.target}`,
      exact(plannedCount(plan)),
      requester.name,
      new Date(proposedAtMs).toISOString().slice(0, 16).replace('T', ' '),
    ]),
  };
}

/** A channel hears only of its own sidekiqs. */
function isOfHere({ plan }: Proposal, { sidekiqs }: CommandContext): boolean {
  return sidekiqs.some(({ policy }) => policy.name === plan.sidekiq);
}
