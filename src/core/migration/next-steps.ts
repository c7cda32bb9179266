import type { FetchStrategyName, Process } from '../sidekiq/snapshot.ts';
import type { Survey } from './survey.ts';

/** What people do next, in order; what the bot can do stands on its buttons. */
export function stepsForPeople({ stage, processes, lists }: Survey): readonly string[] {
  switch (stage.name) {
    case 'no_process':
      return ['Start a process: what it fetches with shows after two heartbeats.'];
    case 'not_begun':
      return [...howToBegin(processes), ...ROLLOUT];
    case 'mixed':
      return [
        ...howToBegin(processes.filter(({ fetch }) => fetch.strategy !== 'super_fetch')),
        'Let the rollout go on: the processes without super_fetch still run the old release.',
        'Quiet them once a process with super_fetch serves each of their queues; a clean end leaves nothing private behind.',
        ...ROLLOUT.slice(1),
      ];
    case 'to_be_finished':
      return [
        'Make sure that the old release is not deployed any more: Redis cannot show a process that is about to start.',
        lists.some(({ scheme, move }) => scheme === 'super_fetch' && move.may === 'now')
          ? 'Rescue what lies stranded, or restart one process and let Sidekiq do it: it looks only at a start.'
          : 'Rescue what lies stranded: no process of the new release takes it.',
      ];
    case 'done':
      return ['Nothing. Keep the grace period of your containers longer than the timeout (`-t`).'];
    default:
      return stage.name satisfies never;
  }
}

const ROLLOUT: readonly string[] = [
  'Restart process by process. Host names need not be unique or stable any more.',
  'Keep the grace period of the containers longer than the timeout (`-t`: 25 s since Sidekiq 6, 8 s before).',
];

/** The same line in every version of Pro; without it a Pro process fetches as open source does (reference: 6.5). */
const INITIALIZER = '`Sidekiq.configure_server { |config| config.super_fetch! }`';

const TO_REMOVE: Readonly<Record<FetchStrategyName, string | undefined>> = {
  basic: undefined,
  super_fetch: undefined,
  unknown: undefined,
  reliable_fetch:
    'Remove `config.reliable_fetch!` or `config.timed_fetch!`, and the option `-i`/`--index`: they went with Pro 4.',
  gitlab_reliable:
    'Remove GitLab’s fetcher (`Sidekiq::ReliableFetch.setup_reliable_fetch!`): a process has one fetcher.',
  gitlab_semi_reliable:
    'Remove GitLab’s fetcher (`Sidekiq::ReliableFetch.setup_reliable_fetch!`): a process has one fetcher.',
  ultimate: 'Remove sidekiq-ultimate (`Sidekiq::Ultimate.setup!`): a process has one fetcher.',
};

function howToBegin(processes: readonly Process[]): readonly string[] {
  const removals = new Set(processes.flatMap(({ fetch }) => TO_REMOVE[fetch.strategy] ?? []));
  return [`${proFor(processes)} Put ${INITIALIZER} into the initializer.`, ...removals];
}

/** Which Pro has super_fetch for the Sidekiq that runs (reference: head; 6). */
function proFor(processes: readonly Process[]): string {
  const majors = processes.flatMap(({ version }) => {
    const major = /^(\d+)\.\d+\.\d+$/.exec(version)?.[1];
    return major === undefined ? [] : [Number(major)];
  });
  if (majors.length === 0) {
    return 'super_fetch needs Sidekiq Pro: 3.4.1 or newer, and Pro 4 with Sidekiq 5, Pro 5 with 6, Pro 7 with 7, Pro 8 with 8.';
  }
  const wanted = [...new Set(majors.map(proOf))].sort().join(' and ');
  return `super_fetch needs Sidekiq Pro (${wanted} with what runs here).`;
}

function proOf(major: number): string {
  if (major <= 4) return 'Pro 3.4.1 or newer';
  return major <= 6 ? `Pro ${major - 1}` : `Pro ${major}`;
}
