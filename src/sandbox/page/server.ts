import type { As, Close, Outcome, Press, Say, ServerEvent, State, Submit, SubmitOutcome } from './api.ts';

/** Longer than any answer takes: the bot has three seconds by Slack's rules, the sandbox a little for itself. */
const ANSWER_WITHIN_MS = 20_000;

/** Everything the page asks of the sandbox server. A server that is away is an answer too, in words. */
export const server = {
  state: async (as: string): Promise<State> => {
    const response = await fetch(`sandbox/state?as=${encodeURIComponent(as)}`);
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as State;
  },
  say: (say: Say): Promise<Outcome> => post('say', say),
  press: (press: Press): Promise<Outcome> => post('press', press),
  submit: (submit: Submit): Promise<SubmitOutcome> => post('submit', submit),
  close: (close: Close): Promise<Outcome> => post('close', close),
  home: (as: As): Promise<Outcome> => post('home', as),
};

async function post(path: string, body: As): Promise<Outcome> {
  try {
    const response = await fetch(`sandbox/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    if (response.ok) return (await response.json()) as Outcome;
    return {
      ok: false,
      problem: (await response.text()) || `The sandbox refused this (${response.status}).`,
    };
  } catch {
    return { ok: false, problem: 'The sandbox does not answer. Is script/demo still running?' };
  }
}

type Listener = {
  readonly state: (state: State) => void;
  readonly event: (event: ServerEvent) => void;
  readonly isReachable: (isReachable: boolean) => void;
  /** The server does not know this person: the address was typed, or the demo is another one now. */
  readonly refused: () => void;
};

/**
 * Follows what one person sees. Each new connection begins by asking for the whole state, because what happened while
 * the line was cut is not told again; events that come meanwhile wait until that state is there.
 */
export function follow(as: string, listener: Listener): () => void {
  const source = new EventSource(`sandbox/events?as=${encodeURIComponent(as)}`);
  let waiting: ServerEvent[] | undefined = [];
  let isOver = false;
  source.addEventListener('open', async () => {
    waiting = [];
    try {
      const state = await server.state(as);
      if (isOver) return;
      listener.state(state);
      for (const event of waiting ?? []) listener.event(event);
      waiting = undefined;
      listener.isReachable(true);
    } catch {
      if (!isOver) listener.isReachable(false);
    }
  });
  source.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const event = JSON.parse(data) as ServerEvent;
    if (waiting === undefined) listener.event(event);
    else waiting.push(event);
  });
  source.addEventListener('error', () => {
    listener.isReachable(false);
    // The browser tries again by itself, except after an answer that says no.
    if (source.readyState === EventSource.CLOSED && !isOver) listener.refused();
  });
  return () => {
    isOver = true;
    source.close();
  };
}
