/**
 * The names by which a pressed element finds its way back. They stand in messages that were sent long ago, so a name is
 * never given a new meaning.
 *
 *   ask:N      a button that runs the command in its value, N counting the buttons of the message
 *   home:refresh  draws Home anew
 *   refresh    runs the command in its value again and replaces the message
 *   act:NAME:N does NAME, such as `proposal.approve`, with its value
 *   share      posts the answer to the channel; its value is a ShareValue
 *   form:NAME  a window (its callback_id) whose submission NAME takes, such as `proposal.deny`
 */
export const ACTION_IDS = { refresh: 'refresh', share: 'share', refreshHome: 'home:refresh' } as const;

export const askActionId = (nth: number): string => `ask:${nth}`;
export const ASK_ACTION_ID = /^ask:\d{1,2}$/;

export const actActionId = (act: string, nth: number): string => `act:${act}:${nth}`;
export const ACT_ACTION_ID = /^act:(.+):\d{1,2}$/;

export const formCallbackId = (form: string): string => `form:${form}`;
export const FORM_CALLBACK_ID = /^form:(.+)$/;

/** Which answer is meant, and the command that makes it anew when it is forgotten by now. */
export type ShareValue = { readonly answer: string; readonly command: string };
