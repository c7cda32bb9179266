import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import type { Termination } from '../core/attribution/termination.ts';
import type { TerminationReader } from '../ports/reading.ts';
import { type KubernetesSettings, openPods, PodsUnread } from './pods.ts';

/** More pods than that are read by nobody's night; the newest ends matter and the list is by name. */
const MOST_PODS = 2000;

/** Of an answer in another shape than that of pods. */
const NOT_UNDERSTOOD = 'What Kubernetes says of its pods can’t be understood.';

/** Reads how containers ended last, with one listing of pods. */
export function openTerminations(settings: KubernetesSettings): TerminationReader {
  const pods = openPods(settings);
  return {
    terminations: async () => {
      try {
        return { kind: 'read', found: (await pods.list(MOST_PODS)).flatMap(terminationsOf) };
      } catch (error) {
        return { kind: 'unread', sentence: error instanceof PodsUnread ? error.message : NOT_UNDERSTOOD };
      }
    },
  };
}

function terminationsOf({ metadata, status }: V1Pod): readonly Termination[] {
  const pod = metadata?.name;
  if (pod === undefined) return [];
  return (status?.containerStatuses ?? []).flatMap(endsOf).flatMap((end): Termination[] => {
    const atMs = end.finishedAt === undefined ? Number.NaN : new Date(end.finishedAt).getTime();
    return Number.isNaN(atMs)
      ? []
      : [{ pod, atMs, reason: end.reason ?? 'no reason given', exitCode: end.exitCode }];
  });
}

function endsOf({ lastState, state }: V1ContainerStatus) {
  return [lastState?.terminated, state?.terminated].filter((end) => end !== undefined);
}
