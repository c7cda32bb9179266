import type { Drift } from '../drift.ts';
import type { Plan } from '../plan.ts';
import { cancel, expire, requestStop } from './close.ts';
import type { Asked, Circumstances, Click, Decision } from './decision.ts';
import type { PersonFacts } from './person.ts';
import type { Progress, Proposal } from './proposal.ts';
import { fail, finish, halt, interrupt, recordProgress, resume, start } from './run.ts';
import { approve, deny } from './vote.ts';

/** What can happen to a stored proposal: people's clicks, the clock, and what the executor tells. */
export type ProposalEvent =
  | { readonly type: 'approve'; readonly by: Click; readonly earlier: Asked<readonly PersonFacts[]> }
  | { readonly type: 'deny'; readonly by: Click; readonly reason: string }
  | { readonly type: 'cancel'; readonly by: Click }
  | { readonly type: 'stop'; readonly by: Click }
  | { readonly type: 'expire' }
  | { readonly type: 'start'; readonly fence: number; readonly fresh: Plan; readonly drift: Drift }
  | { readonly type: 'progress'; readonly fence: number; readonly progress: Progress }
  | { readonly type: 'finish'; readonly fence: number; readonly result: string }
  | { readonly type: 'halt'; readonly fence: number; readonly result: string }
  | { readonly type: 'fail'; readonly fence: number; readonly reason: string }
  | { readonly type: 'interrupt'; readonly fence: number; readonly why: string }
  | { readonly type: 'resume'; readonly fence: number };

/** The one place where a proposal changes: the next state with its records, or a refusal with its record. */
export function decide(proposal: Proposal, event: ProposalEvent, circumstances: Circumstances): Decision {
  switch (event.type) {
    case 'approve':
      return approve(proposal, event.by, event.earlier, circumstances);
    case 'deny':
      return deny(proposal, event.by, event.reason, circumstances);
    case 'cancel':
      return cancel(proposal, event.by, circumstances);
    case 'stop':
      return requestStop(proposal, event.by, circumstances);
    case 'expire':
      return expire(proposal, circumstances);
    case 'start':
      return start(proposal, event, circumstances);
    case 'progress':
      return recordProgress(proposal, event, circumstances);
    case 'finish':
      return finish(proposal, event, circumstances);
    case 'halt':
      return halt(proposal, event, circumstances);
    case 'fail':
      return fail(proposal, event, circumstances);
    case 'interrupt':
      return interrupt(proposal, event, circumstances);
    case 'resume':
      return resume(proposal, event, circumstances);
    default:
      return event satisfies never;
  }
}
