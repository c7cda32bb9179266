import type { Mute } from '../alerts/message.ts';
import { duration, exact, short } from '../amounts.ts';
import { isIn, type Proposal } from '../approval/proposal.ts';
import { STATES } from '../approval/show.ts';
import type { ArchiveAccount } from '../archive/archive.ts';
import { debtLine } from '../archive/debt.ts';
import { type Glance, overviewHeadline, overviewTone, worstFirst } from '../health/overview.ts';
import { usuallyPhrase } from '../history/phrases.ts';
import { plannedCount } from '../plan.ts';
import type { Button, Chart, Part, Tone } from '../reply/reply.ts';
import { at, bold, code, person, say, type Text } from '../reply/text.ts';
import type { Duty } from './duties.ts';

/** What one person sees on Home: a headline, then sections with the buttons that belong to them. */
export type Home = {
  readonly type: 'home';
  readonly tone: Tone;
  readonly headline: Text;
  readonly sections: readonly HomeSection[];
};

export type HomeSection = { readonly parts: readonly Part[]; readonly buttons: readonly Button[] };

/** Of the sidekiqs that this person may see, and of nothing else. */
export type HomeFacts = {
  readonly nowMs: number;
  readonly sidekiqs: readonly HomeSidekiq[];
  readonly duties: readonly { readonly duty: Duty; readonly proposal: Proposal }[];
  readonly mutes: readonly HomeMute[];
  readonly debts: readonly ArchiveAccount[];
  /** What could not be read, each a sentence. */
  readonly unknowns: readonly string[];
};

type HomeMute = {
  readonly sidekiq: string;
  readonly key: string;
  readonly mute: Mute;
  /** Of the message that tells of it; undefined when that is over, so that there is nothing to unmute. */
  readonly digestId: string | undefined;
};

export type HomeSidekiq = {
  readonly glance: Glance;
  /** What waited last night; undefined while there is no memory of it. */
  readonly night: Chart | undefined;
};

/** Charts take a block each, and Home has a hundred. */
const CHARTS = 12;
const SHOWN = 60;
const BUTTONS = 5;
const MUTES = 10;

export function homeOf(facts: HomeFacts): Home {
  const glances = worstFirst(facts.sidekiqs.map(({ glance }) => glance));
  const [only, ...others] = glances;
  // One sidekiq is the headline; several are summed up in it.
  const isOne = only !== undefined && others.length === 0;
  const own = facts.sidekiqs.length === 0 ? NOTHING_TO_SEE : sidekiqSection(facts.sidekiqs);
  return {
    type: 'home',
    tone: overviewTone(glances),
    headline: isOne ? glanceLine(only) : overviewHeadline(glances),
    sections: [
      ...own,
      ...dutySection('Waits for your word', 'decide', facts),
      ...dutySection('Asked for by you', 'own', facts),
      ...dutySection('Being carried out', 'running', facts),
      ...muteSection(facts),
      ...debtSection(facts),
      ...closing(facts),
    ],
  };
}

const NOTHING_TO_SEE: readonly HomeSection[] = [
  {
    parts: [
      {
        type: 'paragraph',
        text: say`The sidekiqs here are asked about in channels that you are not in. Join one, or ask whoever runs this bot.`,
      },
    ],
    buttons: [],
  },
];

function sidekiqSection(sidekiqs: readonly HomeSidekiq[]): readonly HomeSection[] {
  const order = worstFirst(sidekiqs.map(({ glance }) => glance));
  const sorted = order.flatMap((glance) => sidekiqs.filter((sidekiq) => sidekiq.glance === glance));
  const sections = sorted.slice(0, SHOWN).map(({ glance, night }, index): HomeSection => {
    const item = { tone: overviewTone([glance]), text: glanceLine(glance) };
    const chart: Part[] = night === undefined || index >= CHARTS ? [] : [{ type: 'chart', chart: night }];
    const isHeadline = sorted.length === 1;
    const line: Part[] = isHeadline ? [] : [{ type: 'list', items: [item] }];
    return { parts: [...line, ...chart], buttons: [] };
  });
  const left = sorted.length - SHOWN;
  const more: HomeSection[] =
    left > 0
      ? [{ parts: [{ type: 'note', text: say`And ${exact(left)} more that are better off.` }], buttons: [] }]
      : [];
  const buttons = sorted
    .filter(({ glance }) => glance.type === 'read')
    .slice(0, BUTTONS)
    .map(({ glance }): Button => {
      return { type: 'ask', label: `Health of ${glance.sidekiq}`, command: `health on ${glance.sidekiq}` };
    });
  return [...sections, ...more, { parts: [], buttons }];
}

function glanceLine(glance: Glance): Text {
  if (glance.type === 'unread') return say`${bold(`${glance.sidekiq} can’t be read:`)} ${glance.sentence}`;
  const { verdict, reasons, waiting, running } = glance.health;
  const [longest] = waiting.queues;
  const usually = waiting.usual === undefined ? '' : `, ${usuallyPhrase(waiting.usual)}`;
  const wait = longest === undefined ? '' : `, the longest for ${duration(longest.latencyMs)}`;
  const figures = say`${short(waiting.jobs)} waiting${usually}${wait}; ${exact(running.busy)} of ${exact(running.threads)} threads busy.`;
  return say`${bold(`${glance.sidekiq}: ${verdict}.`)} ${reasons[0] === undefined ? [] : say`${reasons[0].text} `}${figures}`;
}

function dutySection(heading: string, duty: Duty, { duties }: HomeFacts): readonly HomeSection[] {
  const meant = duties.filter((each) => each.duty === duty).map(({ proposal }) => proposal);
  if (meant.length === 0) return [];
  return [
    {
      parts: [
        { type: 'heading', text: heading },
        {
          type: 'list',
          items: meant.map((proposal) => ({ tone: 'warning', text: proposalLine(proposal) })),
        },
      ],
      buttons: meant.slice(0, BUTTONS).map(({ id }) => showButton({ actionId: id })),
    },
  ];
}

function showButton({ actionId }: { readonly actionId: string }): Button {
  return { type: 'ask', label: `Show ${actionId}`, command: `actions ${actionId}` };
}

/** The target is cut: what else there is to say must not fall off the end of the line. */
const TARGET = 160;

function proposalLine(proposal: Proposal): Text {
  const { plan, requester, now } = proposal;
  const target = plan.target.length > TARGET ? `${plan.target.slice(0, TARGET - 1)}…` : plan.target;
  const state = isIn(proposal, 'proposed')
    ? say`${proposal.now.votes.length} of ${proposal.required} agreed, until ${at(proposal.now.expiresAtMs)}`
    : say`${STATES[now.state].toLowerCase()}${progressOf(proposal)}`;
  return say`${plan.action} ${code(target)} on ${code(plan.sidekiq)} (${exact(plannedCount(plan))} affected), asked by ${requester.name}: ${state}`;
}

function progressOf({ now }: Proposal): string {
  if (now.state !== 'executing' && now.state !== 'interrupted') return '';
  if (now.progress === null) return '';
  return `, ${exact(now.progress.done)} of ${exact(now.progress.planned)} done`;
}

function muteSection({ mutes }: HomeFacts): readonly HomeSection[] {
  if (mutes.length === 0) return [];
  return [
    {
      parts: [
        { type: 'heading', text: 'Muted alerts' },
        {
          type: 'list',
          items: mutes.map(({ sidekiq, key, mute }) => ({
            tone: 'neutral',
            text: say`${bold(sidekiq)}: ${key}, by ${person(mute.by)} until ${at(mute.untilMs)}`,
          })),
        },
      ],
      buttons: mutes.slice(0, MUTES).flatMap(({ sidekiq, key, digestId }): readonly Button[] => {
        if (digestId === undefined) return [];
        const value = `${sidekiq} ${digestId}`;
        return [{ type: 'act', act: 'alert.unmute', label: `Unmute ${key} of ${sidekiq}`, value }];
      }),
    },
  ];
}

function debtSection({ debts, nowMs }: HomeFacts): readonly HomeSection[] {
  if (debts.length === 0) return [];
  const buttons = debts.slice(0, BUTTONS).map(showButton);
  return [{ parts: [{ type: 'list', items: debts.map((debt) => debtLine(debt, nowMs)) }], buttons }];
}

function closing({ nowMs, unknowns, duties, mutes }: HomeFacts): readonly HomeSection[] {
  const isCalm = duties.length === 0 && mutes.length === 0;
  const calm: Part[] = isCalm
    ? [
        {
          type: 'paragraph',
          text: say`Nothing waits for you, nothing is being carried out, no alert is muted.`,
        },
      ]
    : [];
  const sentences = unknowns.map((sentence) => `${sentence} `).join('');
  return [
    {
      parts: [
        ...(unknowns.length === 0 ? calm : []),
        { type: 'note', text: say`${sentences}Read ${at(nowMs)}.` },
      ],
      buttons: [],
    },
  ];
}
