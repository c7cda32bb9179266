import type { Config } from '../config.ts';
import type { Plain } from '../core/canonical.ts';
import { urlWithoutSecrets } from './secret.ts';

/** The settings that decide what is watched and who may do what: what the audit log keeps of them, without secrets. */
export function policySettings(config: Config): Plain {
  const sidekiqs = config.sidekiqs.map(({ policy, redisUrl, namespace, approvals, alertsChannel }) => [
    policy.name,
    {
      redis: urlWithoutSecrets(redisUrl.reveal()),
      namespace,
      channels: policy.channels,
      alertsChannel: alertsChannel ?? null,
      approvals: {
        ...approvals,
        approvers: approvals.approvers.map(({ ids, required }) => ({ ids, required })),
      },
      classes: Object.fromEntries(
        [...policy.classes].map(([name, { isProtected, required }]) => [
          name,
          { protect: isProtected, required: required ?? null },
        ]),
      ),
    },
  ]);
  return {
    sidekiqs: Object.fromEntries(sidekiqs),
    auditChannel: config.auditChannel ?? null,
    auditKey: config.auditKey === undefined ? 'none' : 'set',
  };
}
