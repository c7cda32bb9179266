import { CLOCK } from './clock.ts';
import type { Config, SidekiqSettings } from './config.ts';
import type { ApprovalRules } from './core/approval/rules.ts';
import { judgeApprovals } from './core/doctor/approvals.ts';
import { judgeAuditKey } from './core/doctor/audit-key.ts';
import { type Finding, good, unknown, wrong } from './core/doctor/finding.ts';
import { judgeKubernetes } from './core/doctor/kubernetes.ts';
import { judgeRedis } from './core/doctor/redis.ts';
import { judgeSlack, type MemberFound } from './core/doctor/slack.ts';
import { isUnasked } from './core/doctor/slack-unasked.ts';
import { judgeStore } from './core/doctor/store.ts';
import type { SidekiqPolicy } from './core/policy.ts';
import { examineKubernetes } from './kubernetes/examine.ts';
import { RedisUnavailable } from './ports/reading.ts';
import { StoreError } from './ports/store.ts';
import { examineRedis } from './redis/examine.ts';
import { examineSlack, type SlackQuestions } from './slack/examine.ts';
import { examineStore } from './store/examine.ts';

/** Holds settings that can be parsed against the living world, beside the running bot if there is one; changes nothing anywhere. */
export async function examine(config: Config): Promise<readonly Finding[]> {
  const { mode, botToken, apiUrl } = config.slack;
  const [slack, store, redises, kubernetes] = await Promise.all([
    examineSlack(
      {
        apiUrl,
        botToken: botToken.reveal(),
        appToken: mode.type === 'socket' ? mode.appToken.reveal() : undefined,
        channels: channelsOf(config),
        members: membersOf(config),
      },
      CLOCK,
    ),
    ofStore(config),
    Promise.all(config.sidekiqs.map(ofRedis)),
    Promise.all(config.sidekiqs.map(ofKubernetes)),
  ]);
  const approvals = config.sidekiqs.flatMap(({ policy, approvals: rules }) =>
    ofApprovals(`approvals of ${policy.name}`, rules, policy.classes, slack.members),
  );
  return [
    good('settings', 'They can be read, and say what they should.'),
    ...judgeSlack(slack),
    ...(slack.bot.type === 'in' ? approvals : []),
    ...store,
    judgeAuditKey(config.auditKey !== undefined),
    ...redises.flat(),
    ...kubernetes.flat(),
  ];
}

/** Nothing is said of people whom Slack could not be asked about. */
function ofApprovals(
  about: string,
  rules: ApprovalRules,
  classes: SidekiqPolicy['classes'],
  members: readonly MemberFound[],
): readonly Finding[] {
  const found = new Map(members.map((member) => [member.id, member.found]));
  const ids = [...rules.requesters, ...rules.approvers.flatMap((list) => list.ids)];
  const unasked = ids.filter((id) => {
    const of = found.get(id);
    return of !== undefined && 'error' in of && isUnasked(of.error);
  });
  if (unasked.length > 0) {
    return [
      unknown(
        about,
        `Whether they can be met is not known: Slack could not be asked who is in ${[...new Set(unasked)].join(', ')}.`,
        'Run the doctor again when Slack answers.',
      ),
    ];
  }
  return judgeApprovals(about, rules, classes, (id) => {
    const of = found.get(id);
    return of === undefined || 'error' in of ? [] : of.people;
  });
}

async function ofStore(config: Config): Promise<readonly Finding[]> {
  try {
    return judgeStore(await examineStore(config.databaseUrl.reveal()));
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return [wrong('store', error.message, 'Then run the doctor again.')];
  }
}

async function ofRedis({
  policy,
  redisUrl,
  namespace,
  approvals,
}: SidekiqSettings): Promise<readonly Finding[]> {
  const about = `Redis of ${policy.name}`;
  try {
    const facts = await examineRedis({ sidekiq: policy.name, url: redisUrl.reveal(), namespace });
    return judgeRedis(about, facts, approvals.approvers.length > 0);
  } catch (error) {
    if (!(error instanceof RedisUnavailable)) throw error;
    return [
      wrong(about, error.message, 'Check the address, the password and the network between here and there.'),
    ];
  }
}

async function ofKubernetes({ policy, kubernetes }: SidekiqSettings): Promise<readonly Finding[]> {
  if (kubernetes === undefined) return [];
  const facts = await examineKubernetes(kubernetes);
  return [judgeKubernetes(`Kubernetes of ${policy.name}`, kubernetes, facts)];
}

function channelsOf(config: Config): SlackQuestions['channels'] {
  const posted = (id: string | undefined, setting: string) =>
    id === undefined ? [] : [{ id, setting, isPostedTo: true }];
  return [
    ...alertsOf(config).flatMap((id) => posted(id, 'alerts.channel')),
    ...posted(config.auditChannel, 'audit.channel'),
    ...config.reports.flatMap(({ channel }, index) => posted(channel, `reports.${index}.channel`)),
    ...config.sidekiqs.flatMap(({ policy }) =>
      policy.channels.map((id) => ({ id, setting: `sidekiqs.${policy.name}.channels`, isPostedTo: false })),
    ),
  ];
}

/** Each once, whether it is set for one sidekiq or for all. */
function alertsOf({ sidekiqs }: Config): readonly string[] {
  return [...new Set(sidekiqs.flatMap(({ alertsChannel }) => alertsChannel ?? []))];
}

/** Each id once for each setting, however many sidekiqs name it. */
function membersOf(config: Config): SlackQuestions['members'] {
  const named = config.sidekiqs.flatMap(({ approvals }) => [
    ...approvals.requesters.map((id) => ({ id, setting: 'approvals.requesters' })),
    ...approvals.approvers.flatMap(({ ids }) => ids.map((id) => ({ id, setting: 'approvals.approvers' }))),
  ]);
  return [...new Map(named.map((one) => [`${one.id} ${one.setting}`, one])).values()];
}
