import type { ApiFault } from '../faults.ts';
import { type Fields, textIn } from '../fields.ts';
import type { Refusal } from '../refusal.ts';
import type { Workspace } from '../workspace.ts';
import { type Method, Refused } from './method.ts';
import { METHODS } from './methods.ts';

/** One answer of the Web API, before it is written to the wire. */
export type ApiAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Fields;
};

/** Answers a call as Slack would: faults on demand first, then the token, the scope, the arguments. */
export async function answerCall(
  workspace: Workspace,
  name: string,
  args: Fields | undefined,
  authorization: string,
): Promise<ApiAnswer> {
  const fault = workspace.faults.takeApiFault(name);
  if (fault?.kind === 'delay') await wait(workspace, fault.delayMs);
  const answer =
    fault === undefined || fault.kind === 'delay'
      ? honest(decide(workspace, name, args, authorization), workspace)
      : broken(fault);
  workspace.calls.add({
    method: name,
    args: { ...args, token: undefined },
    status: answer.status,
    answer: answer.body,
    atMs: workspace.clock.nowMs(),
  });
  return answer;
}

function decide(
  workspace: Workspace,
  name: string,
  args: Fields | undefined,
  authorization: string,
): Fields | Refused {
  const method = METHODS.find((candidate) => candidate.name === name);
  if (method === undefined) return new Refused('unknown_method');
  if (args === undefined) return new Refused('invalid_json');
  const token = /^Bearer (.+)$/.exec(authorization)?.[1] ?? textIn(args, 'token');
  return checkToken(workspace, method, token) ?? method.answer(args, workspace);
}

function checkToken(
  { installation, revokedTokens }: Workspace,
  method: Method,
  token: string | undefined,
): Refused | undefined {
  if (token === undefined) return new Refused('not_authed');
  if (revokedTokens.has(token)) return new Refused('token_revoked');
  const holder = token === installation.botToken ? 'bot' : token === installation.appToken ? 'app' : 'nobody';
  if (holder === 'nobody') return new Refused('invalid_auth');
  if (holder !== method.token) return new Refused('not_allowed_token_type');
  const isAllowed =
    method.scopes.length === 0 || method.scopes.some((scope) => installation.scopes.includes(scope));
  return isAllowed ? undefined : new MissingScope(method.scopes, installation.scopes);
}

/** Slack names what is needed and what there is beside the error. */
class MissingScope extends Refused {
  readonly needed: string;
  readonly provided: string;

  constructor(needed: readonly string[], provided: readonly string[]) {
    super('missing_scope');
    this.needed = needed.join(',');
    this.provided = provided.join(',');
  }
}

function honest(decided: Fields | Refused, { installation }: Workspace): ApiAnswer {
  const headers = { 'x-oauth-scopes': installation.scopes.join(',') };
  if (!(decided instanceof Refused)) return { status: 200, headers, body: { ok: true, ...decided } };
  const scopes =
    decided instanceof MissingScope ? { needed: decided.needed, provided: decided.provided } : {};
  return { status: 200, headers, body: { ...refusalBody(decided.refusal), ...scopes } };
}

/** `{ ok: false, error }`, with the places that are wrong in both fields that Slack fills. */
export function refusalBody({ error, messages }: Refusal): Fields {
  if (messages === undefined) return { ok: false, error };
  const errors = messages.map((message) => message.replace('[ERROR] ', ''));
  return { ok: false, error, errors, response_metadata: { messages } };
}

function broken(fault: Exclude<ApiFault, { kind: 'delay' }>): ApiAnswer {
  switch (fault.kind) {
    case 'rate_limited':
      return {
        status: 429,
        headers: { 'retry-after': String(fault.retryAfterS) },
        body: { ok: false, error: 'ratelimited' },
      };
    case 'http':
      return { status: fault.status, headers: {}, body: { ok: false, error: 'internal_error' } };
    case 'error':
      return { status: 200, headers: {}, body: { ok: false, error: fault.error } };
    default:
      return fault satisfies never;
  }
}

function wait({ clock }: Workspace, delayMs: number): Promise<void> {
  return new Promise((resolve) => clock.after(delayMs, resolve));
}
