import type { KubernetesFacts } from '../core/doctor/kubernetes.ts';
import { type KubernetesSettings, openPods, PodsUnread } from './pods.ts';

/** Looks whether the ends of containers could be read, by asking for one pod. Never throws for what Kubernetes says. */
export async function examineKubernetes(settings: KubernetesSettings): Promise<KubernetesFacts> {
  try {
    return { type: 'read', hasPods: (await openPods(settings).list(1)).length > 0 };
  } catch (error) {
    if (!(error instanceof PodsUnread)) throw error;
    return { type: 'unread', fault: error.fault, sentence: error.message };
  }
}
