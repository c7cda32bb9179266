import type { ClassPolicy } from '../policy.ts';

/** Who may ask, who must agree, and how long there is; as the settings say for one action now. */
export type ApprovalRules = {
  /** Ids of users and user groups. */
  readonly requesters: readonly string[];
  /** Each of these must agree; one person speaks for one of them only, also when they are in several. */
  readonly approvers: readonly ApproverSet[];
  /** How many different people must agree in all, besides the requester. */
  readonly required: number;
  /** Settings say that this must never be done. */
  readonly isForbidden: boolean;
  /** How long a proposal waits for approval. */
  readonly expiresMs: number;
  /** From approval to start. */
  readonly executeWithinMs: number;
  /** From this count on the requester types the target or the count. */
  readonly typeFromCount: number;
};

type ApproverSet = { readonly ids: readonly string[]; readonly required: number };

/** A sentence or two, and short enough for a Slack message. */
export const MAX_REASON_LENGTH = 500;

/** A class can only make rules stricter. `required` of the class counts people, like `required` of the rules. */
export function rulesForClass(
  rules: ApprovalRules,
  policy: Pick<ClassPolicy, 'isProtected' | 'required'> | undefined,
): ApprovalRules {
  if (policy === undefined) return rules;
  return {
    ...rules,
    required: Math.max(rules.required, policy.required ?? 0),
    isForbidden: rules.isForbidden || policy.isProtected,
  };
}
