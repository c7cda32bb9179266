import { type Finding, good, warning } from './finding.ts';

const AUDIT_LOG = 'audit log';

/** Whether its records are sealed. */
export function judgeAuditKey(isSet: boolean): Finding {
  if (isSet) return good(AUDIT_LOG, 'Its records are sealed with AUDIT_KEY.');
  return warning(
    AUDIT_LOG,
    'AUDIT_KEY is not set: whoever can write to the store can rewrite the record of who did what, and only a head that was published before shows it.',
    'Make one with `openssl rand -hex 32`, keep it where the store is not, and start the bot with it: its records are sealed from then on.',
  );
}
