/**
 * What the page and the sandbox server say to each other. All of it is JSON over the loopback.
 *
 *   GET  /                      the page; its .ts files are served with their types stripped
 *   GET  /sandbox/state?as=ID   -> State, as that person sees it; without an ID, as the first person
 *   GET  /sandbox/events?as=ID  -> server-sent events, each `data:` one ServerEvent; a new connection starts from State
 *   POST /sandbox/say           Say     -> Outcome   a line typed into a channel: a slash command or plain words
 *   POST /sandbox/press         Press   -> Outcome   a button, select or overflow entry of a message, a modal or the Home tab
 *   POST /sandbox/submit        Submit  -> SubmitOutcome
 *   POST /sandbox/close         Close   -> Outcome   a modal was closed without submitting
 *   POST /sandbox/home          As      -> Outcome   the Home tab was opened
 *
 * Every answer is 200 with an Outcome; a request that this page could not have sent is 400 or 403 with plain words.
 */

/** Block Kit as the bot sent it; the page draws what it knows and shows the type's name of what it does not. */
export type Block = { readonly type: string; readonly block_id?: string; readonly [key: string]: unknown };

export type Person = {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  /** Why this person is worth acting as: "may request", "may approve", "guest", "from another company". */
  readonly note: string;
  readonly isBot: boolean;
};

export type Channel = {
  readonly id: string;
  readonly name: string;
  readonly topic: string;
  readonly isExternal: boolean;
};

/** `ts` names a message within its channel. An ephemeral message is sent only to its addressee. */
export type Message = {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs?: string;
  readonly from: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly isEphemeral: boolean;
  readonly isEdited: boolean;
  /** `error` is said by the sandbox in Slack's place: "/sidekiq failed: the app did not answer within 3 seconds". */
  readonly kind: 'message' | 'error';
};

export type View = {
  readonly id: string;
  readonly type: 'modal' | 'home';
  readonly title: string;
  readonly submit?: string;
  readonly close?: string;
  readonly blocks: readonly Block[];
};

/** A command that the page offers to try: pressing it fills the line. */
export type Suggestion = { readonly text: string; readonly does: string };

export type State = {
  readonly as: string;
  readonly people: readonly Person[];
  readonly channels: readonly Channel[];
  readonly messages: readonly Message[];
  /** The stack of open modals, topmost last. */
  readonly modals: readonly View[];
  readonly home?: View;
  readonly suggestions: readonly Suggestion[];
  readonly isBotConnected: boolean;
  /** One sentence about the demo that is running, such as "A night of crash loops, 40 processes". */
  readonly story: string;
};

export type ServerEvent =
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'deleted'; readonly channel: string; readonly ts: string }
  | { readonly type: 'modals'; readonly modals: readonly View[] }
  | { readonly type: 'home'; readonly home: View }
  | { readonly type: 'bot'; readonly isConnected: boolean };

export type As = { readonly as: string };
export type Say = As & { readonly channel: string; readonly text: string; readonly threadTs?: string };
export type Press = As & {
  /** Where the element stands: a message or a view. */
  readonly channel?: string;
  readonly ts?: string;
  readonly viewId?: string;
  readonly blockId: string;
  readonly actionId: string;
  /** What was chosen in a select, radio, checkbox or overflow element; a button needs none. */
  readonly chosen?: readonly string[];
  /** The state of the inputs that stand around it, as in Submit. */
  readonly values?: Values;
};
/** block_id -> action_id -> what stands in the element. Options are named by their `value`. */
export type Values = Readonly<Record<string, Readonly<Record<string, string | readonly string[] | null>>>>;
export type Submit = As & { readonly viewId: string; readonly values: Values };
export type Close = As & { readonly viewId: string };

export type Outcome = { readonly ok: true } | { readonly ok: false; readonly problem: string };
/** `errors`: block_id -> sentence, shown under the input. */
export type SubmitOutcome =
  | Outcome
  | { readonly ok: false; readonly errors: Readonly<Record<string, string>> };
