import { elementsOf, withinContainers } from '../../src/sandbox/elements.ts';
import { isFields } from '../../src/sandbox/fields.ts';
import type { Message, State } from '../../src/sandbox/page/api.ts';
import { eventually } from '../eventually.ts';

/** The page of a demo in another process, used as a browser uses it. */
export function pageAt(url: string) {
  const post = async (deed: string, body: object): Promise<void> => {
    const answer = await fetch(new URL(`sandbox/${deed}`, url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const outcome = (await answer.json()) as { readonly ok: boolean };
    if (!outcome.ok) throw new Error(`${deed}: ${JSON.stringify(outcome)}`);
  };
  /** What that person sees as soon as it is so. */
  const seenBy = async (as: string, accepts: (state: State) => boolean): Promise<State> => {
    const look = async () => (await (await fetch(new URL(`sandbox/state?as=${as}`, url))).json()) as State;
    let state = await look();
    await eventually(async () => {
      state = await look();
      return accepts(state);
    }, 60_000).catch(() => {
      throw new Error(`${as} sees ${JSON.stringify(state.messages.map(({ text }) => text))}`);
    });
    return state;
  };
  const message = async (as: string, words: RegExp): Promise<Message> => {
    const fits = ({ text }: Message) => words.test(text);
    const [found] = (await seenBy(as, ({ messages }) => messages.some(fits))).messages.filter(fits);
    if (found === undefined) throw new Error('gone');
    return found;
  };
  const press = (as: string, { channel, ts, blocks }: Message, label: string): Promise<void> => {
    for (const block of withinContainers(blocks)) {
      const button = elementsOf(block).find(({ text }) => isFields(text) && text['text'] === label);
      if (button === undefined) continue;
      const [blockId, actionId] = [String(block['block_id']), String(button['action_id'])];
      return post('press', { as, channel, ts, blockId, actionId });
    }
    throw new Error(`no button reads ${label}`);
  };
  return { post, seenBy, message, press };
}
