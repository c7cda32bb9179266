import type { CoreV1Api, V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import type { Termination } from '../core/attribution/termination.ts';
import type { TerminationReader } from '../ports/reading.ts';

export type KubernetesSettings = {
  /** Where the pods of this sidekiq run. */
  readonly namespace: string;
  /** Label selector; empty for all pods of the namespace. */
  readonly selector: string;
  /** A kubeconfig file; undefined for the pod's own service account, else the user's own file. */
  readonly kubeconfig: string | undefined;
};

/** More pods than that are read by nobody's night; the newest ends matter and the list is by name. */
const MOST_PODS = 2000;
const DEADLINE_MS = 5000;

/**
 * Reads how containers ended last, with one listing of pods: the right `list` on `pods` is all it needs. The library is
 * large (some 40 MB of memory), so it is loaded when it is first needed.
 */
export function openTerminations(settings: KubernetesSettings): TerminationReader {
  let api: Promise<CoreV1Api> | undefined;
  return {
    terminations: async () => {
      try {
        api ??= connect(settings);
        const { namespace, selector } = settings;
        const pods = await within(
          (await api).listNamespacedPod({
            namespace,
            limit: MOST_PODS,
            ...(selector === '' ? {} : { labelSelector: selector }),
          }),
        );
        return { kind: 'read', found: pods.items.flatMap(terminationsOf) };
      } catch (error) {
        // What was wrong with the connection may be better next time.
        api = undefined;
        return { kind: 'unread', sentence: sentenceFor(error, settings.namespace) };
      }
    },
  };
}

async function connect({ kubeconfig }: KubernetesSettings): Promise<CoreV1Api> {
  const { CoreV1Api, KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  if (kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromFile(kubeconfig);
  return config.makeApiClient(CoreV1Api);
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

async function within<T>(answer: Promise<T>): Promise<T> {
  const tooLong = Promise.withResolvers<never>();
  const timer = setTimeout(() => tooLong.reject(new Error('no answer in time')), DEADLINE_MS);
  try {
    return await Promise.race([answer, tooLong.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** By the status code, never by the words of the other side, which could hold what is secret. */
function sentenceFor(error: unknown, namespace: string): string {
  const status = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  switch (status) {
    case 401:
      return 'Kubernetes does not know this bot: its token is missing or has expired.';
    case 403:
      return `Kubernetes does not let this bot list the pods of ${namespace}: give it the right to list pods there.`;
    case 404:
      return `Kubernetes knows no namespace ${namespace}.`;
    default:
      return 'Kubernetes could not be reached.';
  }
}
