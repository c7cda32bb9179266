import { type Finding, good, warning, wrong } from './finding.ts';

/** Why pods can't be listed. */
export type PodsFault =
  | 'kubeconfig'
  | 'token'
  | 'rights'
  | 'namespace'
  | 'selector'
  /** It gave no answer, or none that tells why. */
  | 'unreachable';

/** What came of asking for one pod of a sidekiq. */
export type KubernetesFacts =
  | { readonly type: 'read'; readonly hasPods: boolean }
  | { readonly type: 'unread'; readonly fault: PodsFault; readonly sentence: string };

type Settings = { readonly namespace: string; readonly selector: string };

/** Without it `suspects` says what Redis tells; but who configures it relies on more. */
export function judgeKubernetes(about: string, settings: Settings, facts: KubernetesFacts): Finding {
  const { namespace, selector } = settings;
  if (facts.type === 'unread') return wrong(about, facts.sentence, remedyOf(facts.fault, namespace));
  const which = selector === '' ? namespace : `${namespace} with ${selector}`;
  if (facts.hasPods) return good(about, `The pods of ${which} can be listed.`);
  return warning(
    about,
    `No pod is there in ${which}, so nothing will be told of how workers end.`,
    `Compare with \`kubectl get pods -n ${namespace} --show-labels\`; set kubernetes.namespace and kubernetes.selector (docs/settings.md).`,
  );
}

function remedyOf(fault: PodsFault, namespace: string): string {
  switch (fault) {
    case 'kubeconfig':
      return 'Set kubernetes.kubeconfig to a file that the bot’s user may read and whose current-context leads to the cluster.';
    case 'token':
      return 'Give the bot’s pod the token of its service account (automountServiceAccountToken: true), or renew the one in the kubeconfig.';
    case 'rights':
      return `kubectl create role list-pods -n ${namespace} --verb=list --resource=pods; then kubectl create rolebinding poison-control-list-pods -n ${namespace} --role=list-pods --serviceaccount=NAMESPACE-OF-THE-BOT:poison-control.`;
    case 'namespace':
      return 'Set kubernetes.namespace to where your Sidekiq pods run: kubectl get pods --all-namespaces.';
    case 'selector':
      return 'Set kubernetes.selector as kubectl takes it after -l, such as app=sidekiq.';
    case 'unreachable':
      return 'Look at the network and at the address. In a pod it needs the token of its service account (automountServiceAccountToken: true), elsewhere a kubeconfig.';
    default:
      return fault satisfies never;
  }
}
