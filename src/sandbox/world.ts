/**
 * Who and what exists in the sandbox: one workspace, its people, channels and user groups, and one outsider.
 * Every kind of person that the bot must tell apart is here once (reference/slack.md, section 7).
 */

export type WorldTeam = { readonly id: string; readonly name: string; readonly domain: string };

export type WorldPerson = {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  /** Why this person is worth acting as; shown on the page. */
  readonly note: string;
  readonly teamId: string;
  readonly isDeleted?: boolean;
  readonly isBot?: boolean;
  readonly isAdmin?: boolean;
  /** A guest of several channels. */
  readonly isRestricted?: boolean;
  /** A guest of one channel; Slack sets `is_restricted` for these as well. */
  readonly isUltraRestricted?: boolean;
  /** From another workspace, sharing no channel. */
  readonly isStranger?: boolean;
  /** On Enterprise Grid: the id that is the same in every workspace of the organisation. */
  readonly enterpriseUserId?: string;
};

export type WorldChannel = {
  readonly id: string;
  readonly name: string;
  readonly topic: string;
  readonly kind: 'public' | 'private' | 'im';
  readonly isExternal: boolean;
  readonly hasBot: boolean;
  /** People only; the bot stands in `hasBot`. */
  readonly members: readonly string[];
};

export type World = {
  readonly team: WorldTeam;
  /** Of the Enterprise Grid that the workspaces are in, if they are in one. */
  readonly enterpriseId?: string;
  readonly otherTeams: readonly WorldTeam[];
  readonly bot: {
    readonly userId: string;
    readonly botId: string;
    readonly appId: string;
    readonly name: string;
  };
  readonly people: readonly WorldPerson[];
  readonly channels: readonly WorldChannel[];
  /** User group id -> people. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
};

const ACME = { id: 'T0ACME', name: 'Acme Payroll', domain: 'acme-payroll' } as const;
const VENDOR = { id: 'T0VENDOR', name: 'Vendor Ltd', domain: 'vendor' } as const;
const STAFF = ['U0ANN', 'U0BEN', 'U0CLEO', 'U0DANA'] as const;

/** The workspace of the demo and of most tests. */
export const ACME_PAYROLL: World = {
  team: ACME,
  otherTeams: [VENDOR],
  bot: { userId: 'U0POISON', botId: 'B0POISON', appId: 'A0POISON', name: 'Poison Control' },
  people: [
    { id: 'U0ANN', name: 'Ann', title: 'Engineer, on call', note: 'may request', teamId: ACME.id },
    { id: 'U0BEN', name: 'Ben', title: 'Platform lead', note: 'may approve', teamId: ACME.id, isAdmin: true },
    { id: 'U0CLEO', name: 'Cleo', title: 'Payroll lead', note: 'may approve', teamId: ACME.id },
    { id: 'U0DANA', name: 'Dana', title: 'Engineer', note: 'may look, not decide', teamId: ACME.id },
    {
      id: 'U0GUS',
      name: 'Gus',
      title: 'Contractor',
      note: 'guest of one channel',
      teamId: ACME.id,
      isRestricted: true,
      isUltraRestricted: true,
    },
    {
      id: 'U0OLGA',
      name: 'Olga',
      title: 'Vendor Ltd',
      note: 'from another company',
      teamId: VENDOR.id,
      isStranger: true,
    },
  ],
  channels: [
    {
      id: 'C0PAYROLL',
      name: 'payroll-incidents',
      topic: 'Where payroll incidents are handled',
      kind: 'public',
      isExternal: false,
      hasBot: true,
      members: [...STAFF, 'U0GUS'],
    },
    {
      id: 'C0ALERTS',
      name: 'payroll-alerts',
      topic: 'What the machines say',
      kind: 'public',
      isExternal: false,
      hasBot: true,
      members: STAFF,
    },
    {
      id: 'C0AUDIT',
      name: 'audit',
      topic: 'Every guarded action, as it was recorded',
      kind: 'private',
      isExternal: false,
      hasBot: true,
      members: STAFF,
    },
    {
      id: 'C0VENDOR',
      name: 'vendor-shared',
      topic: 'Shared with Vendor Ltd',
      kind: 'public',
      isExternal: true,
      hasBot: true,
      members: [...STAFF, 'U0OLGA'],
    },
  ],
  groups: { S0ONCALL: ['U0ANN'], S0LEADS: ['U0BEN', 'U0CLEO'] },
};

/** The conversation of one person with the bot; it exists whether or not anybody has opened it. */
export function directMessageOf(world: World, person: WorldPerson): WorldChannel {
  return {
    id: `D${person.id.slice(1)}`,
    name: world.bot.name,
    topic: `Only ${person.name} and ${world.bot.name}`,
    kind: 'im',
    isExternal: false,
    hasBot: true,
    members: [person.id],
  };
}

/** Every channel, direct messages included. */
export function allChannels(world: World): readonly WorldChannel[] {
  return [...world.channels, ...world.people.map((person) => directMessageOf(world, person))];
}

export function findChannel(world: World, id: string): WorldChannel | undefined {
  const byId = (channel: WorldChannel) => channel.id === id;
  // Asked for each message that is shown: direct messages are made up only where it must be one.
  return world.channels.find(byId) ?? allChannels(world).find(byId);
}

export function findPerson(world: World, id: string): WorldPerson | undefined {
  return world.people.find((person) => person.id === id);
}

/** The workspace that a person belongs to. */
export function teamOf(world: World, person: WorldPerson): WorldTeam {
  return world.otherTeams.find((team) => team.id === person.teamId) ?? world.team;
}
