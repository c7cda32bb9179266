import type { BareProcess } from '../process.ts';
import { type FetchStrategy, type Fleet, livingProcesses } from './strategy.ts';

/**
 * `working:queue:QUEUE:HOST:PID:NONCE`, without NONCE in older versions. QUEUE may hold colons, so it is read from the
 * right; a nonce is hex and long, a pid is a short number.
 */
const WITH_NONCE = /^working:queue:(.+):([^:]+:\d{1,7}):([0-9a-f]{8,})$/s;
const WITHOUT_NONCE = /^working:queue:(.+):([^:]+:\d{1,7})$/s;
/** The host may hold dashes, so from the right as well. */
const HEARTBEAT = /^reliable-fetcher-heartbeat-(.+)-(\d{1,7})-([0-9a-f]+)$/s;

export const GITLAB_HEARTBEAT_GLOB = 'reliable-fetcher-heartbeat-*';

/** "HOST:PID" of a heartbeat's key. */
export function gitlabOwnerOfHeartbeat(key: string): string | undefined {
  const parts = HEARTBEAT.exec(key);
  return parts === null ? undefined : `${parts[1]}:${parts[2]}`;
}

/** The heartbeat of "HOST:PID" as older versions name it; newer ones put `-NONCE` behind it. */
export function gitlabHeartbeatOf(owner: string): string {
  return `reliable-fetcher-heartbeat-${owner.replace(/:(?=\d+$)/, '-')}`;
}

function ownerOf(process: BareProcess): string {
  return `${process.hostname}:${process.pid}`;
}

/** GitLab's reliable and semi-reliable fetchers (reference: 7.1). */
export const gitlab: FetchStrategy = {
  schemes: ['gitlab'],
  globs: [],
  readName: ({ key }) => {
    const [, queue, owner, nonce] = WITH_NONCE.exec(key) ?? WITHOUT_NONCE.exec(key) ?? [];
    if (queue === undefined || owner === undefined) return undefined;
    const name = { key, scheme: 'gitlab' as const, owner, queue: { name: queue, knownBy: 'key' as const } };
    return nonce === undefined ? name : { ...name, nonce };
  },
  // The gem's nonce is not that of Sidekiq's identity (seen), so a list is matched by host and pid, or by heartbeat.
  ownerState: ({ owner }, fleet) => {
    if (owner === undefined) return 'unknown';
    if (fleet.gitlabBeating.has(owner)) return 'alive';
    return livingProcesses(fleet).some((process) => ownerOf(process) === owner) ? 'alive' : 'dead';
  },
  evidence: (process, fleet) => {
    const sign = signOf(process, fleet);
    if (sign === undefined) return undefined;
    // Both keep the same lists; only the command they fetch by differs, which Redis shows per connection, not per process.
    return {
      strategy: 'gitlab_reliable',
      evidence: `${sign}; reliable and semi-reliable leave the same traces`,
    };
  },
};

function signOf(process: BareProcess, fleet: Fleet): string | undefined {
  const owner = ownerOf(process);
  if (fleet.gitlabBeating.has(owner)) return "it keeps a heartbeat of GitLab's fetcher";
  const list = fleet.lists.find(({ scheme, owner: listOwner }) => scheme === 'gitlab' && listOwner === owner);
  if (list !== undefined) return `it keeps ${list.key}`;
  if (fleet.gitlabBeating.size === 0 || process.pid === 1) return undefined;
  // Sidekiq takes $DYNO for its host where that is set, the fetcher does not (seen, 0.8.0 with 6.4.1). Pid 1 is everyone's.
  const owned = new Set(livingProcesses(fleet).map(ownerOf));
  const isAlike = (beating: string) => beating.endsWith(`:${process.pid}`) && !owned.has(beating);
  return [...fleet.gitlabBeating].some(isAlike)
    ? "a heartbeat of GitLab's fetcher has its pid, under another name of its host"
    : undefined;
}
