import type { ApprovalRules } from '../core/approval/rules.ts';
import type { FileSettings } from './file-schema.ts';

type ApprovalSettings = FileSettings['approvals'];

/** The rules of one sidekiq: what it sets itself, else what is set for all, key by key. */
export function approvalRules(forAll: ApprovalSettings, own: ApprovalSettings = {}): ApprovalRules {
  const approvers = own.approvers ?? forAll.approvers ?? [];
  const groups = own.all_of ?? forAll.all_of ?? [];
  // `approvers` has no seat of its own: `required` counts people, wherever they are named.
  const anyOf = approvers.length === 0 ? [] : [{ ids: approvers, required: 0 }];
  return {
    requesters: own.requesters ?? forAll.requesters ?? [],
    approvers: [...anyOf, ...groups.map((ids) => ({ ids, required: 1 }))],
    required: own.required ?? forAll.required ?? 1,
    isForbidden: false,
    expiresMs: own.expires ?? forAll.expires ?? 15 * 60_000,
    executeWithinMs: own.execute_within ?? forAll.execute_within ?? 5 * 60_000,
    typeFromCount: own.confirm_from ?? forAll.confirm_from ?? 1000,
  };
}
