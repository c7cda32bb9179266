import type { CoreV1Api, V1Pod } from '@kubernetes/client-node';
import type { PodsFault } from '../core/doctor/kubernetes.ts';

export type KubernetesSettings = {
  /** Where the pods of this sidekiq run. */
  readonly namespace: string;
  /** Label selector; empty for all pods of the namespace. */
  readonly selector: string;
  /** A kubeconfig file; undefined for the pod's own service account, else the user's own file. */
  readonly kubeconfig: string | undefined;
};

/** The pods could not be listed; its message is a sentence for people, without secrets. */
export class PodsUnread extends Error {
  readonly fault: PodsFault;
  constructor(fault: PodsFault, sentence: string) {
    super(sentence);
    this.name = 'PodsUnread';
    this.fault = fault;
  }
}

export type Pods = {
  /** At most so many, by name. @throws {PodsUnread} */
  readonly list: (limit: number) => Promise<readonly V1Pod[]>;
};

type Connected = { readonly api: CoreV1Api; readonly host: string };

const DEADLINE_MS = 5000;

/**
 * Lists the pods of one sidekiq: the right `list` on `pods` is all it needs. The library is large (some 40 MB of memory), so it is
 * loaded when it is first needed.
 */
export function openPods(settings: KubernetesSettings): Pods {
  const { namespace, selector } = settings;
  let connecting: Promise<Connected> | undefined;
  return {
    list: async (limit) => {
      connecting ??= connect(settings);
      let host = '';
      try {
        const { api, ...rest } = await connecting;
        host = rest.host;
        const labels = selector === '' ? {} : { labelSelector: selector };
        const { items } = await within(api.listNamespacedPod({ namespace, limit, ...labels }));
        // The library takes any JSON for an answer, such as the login page of a proxy.
        if (!Array.isArray(items))
          throw new PodsUnread('unreachable', `What answers at ${host} gives no list of pods.`);
        return items;
      } catch (error) {
        // What was wrong with the connection may be better next time.
        connecting = undefined;
        throw error instanceof PodsUnread ? error : unread(error, settings, host);
      }
    },
  };
}

async function connect({ kubeconfig }: KubernetesSettings): Promise<Connected> {
  const { CoreV1Api, KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(kubeconfig);
    const { host } = new URL(config.getCurrentCluster()?.server ?? '');
    return { api: config.makeApiClient(CoreV1Api), host };
  } catch {
    const which = kubeconfig === undefined ? 'The kubeconfig that is used without one' : kubeconfig;
    throw new PodsUnread('kubeconfig', `${which} can’t be read, or names no cluster.`);
  }
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
function unread(error: unknown, { namespace, selector }: KubernetesSettings, host: string): PodsUnread {
  const status = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  switch (status) {
    case 400:
      return new PodsUnread('selector', `Kubernetes does not understand the label selector ${selector}.`);
    case 401:
      return new PodsUnread(
        'token',
        'Kubernetes does not know this bot: its token is missing or has expired.',
      );
    case 403:
      return new PodsUnread(
        'rights',
        `Kubernetes does not let this bot list the pods of ${namespace}: give it the right to list pods there.`,
      );
    case 404:
      return new PodsUnread('namespace', `Kubernetes knows no namespace ${namespace}.`);
    default:
      return new PodsUnread('unreachable', `Kubernetes could not be reached at ${host}.`);
  }
}
