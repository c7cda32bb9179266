import { close } from './acts/close.ts';
import { openHome } from './acts/home.ts';
import { press } from './acts/press.ts';
import { say } from './acts/say.ts';
import { submit } from './acts/submit.ts';
import { elementsOf, withinContainers } from './elements.ts';
import { isFields } from './fields.ts';
import type { Close, Message, Outcome, Press, Say, Submit, SubmitOutcome, Values, View } from './page/api.ts';
import { forPage, isSeenBy } from './posted.ts';
import { viewForPage } from './views.ts';
import type { Workspace } from './workspace.ts';

/** Acting as people from a test or a script: what the page does, without the page. */
export class People {
  readonly #workspace: Workspace;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** Resolves when the app has acknowledged, or has failed to. */
  say(line: Say): Promise<Outcome> {
    return say(this.#workspace, line);
  }

  press(pressing: Press): Promise<Outcome> {
    return press(this.#workspace, pressing);
  }

  /** Presses the button that reads `label`. */
  pressButton(as: string, on: Message | View, label: string, values: Values = {}): Promise<Outcome> {
    for (const block of withinContainers(on.blocks)) {
      const button = elementsOf(block).find(({ text }) => isFields(text) && text['text'] === label);
      if (button === undefined) continue;
      const where = 'ts' in on ? { channel: on.channel, ts: on.ts } : { viewId: on.id };
      const [blockId, actionId] = [String(block['block_id']), String(button['action_id'])];
      return this.press({ as, ...where, blockId, actionId, values });
    }
    throw new Error(`No button reads "${label}" in ${JSON.stringify(on.blocks)}`);
  }

  submit(submission: Submit): Promise<SubmitOutcome> {
    return submit(this.#workspace, submission);
  }

  close(closing: Close): Promise<Outcome> {
    return close(this.#workspace, closing);
  }

  openHome(as: string): Promise<Outcome> {
    return openHome(this.#workspace, { as });
  }

  /** What stands in a channel for this person, oldest first. */
  messagesSeenBy(person: string, channel: string): readonly Message[] {
    const { world, messages } = this.#workspace;
    return messages
      .all()
      .filter((message) => message.channel === channel && isSeenBy(world, person, message))
      .map(forPage);
  }

  /** The stack of modals of this person, topmost last. */
  modalsOf(person: string): readonly View[] {
    return this.#workspace.views.modalsOf(person).map(viewForPage);
  }

  homeOf(person: string): View | undefined {
    const home = this.#workspace.views.homeOf(person);
    return home === undefined ? undefined : viewForPage(home);
  }

  /** The first message, already there or still to come, that this person sees and the predicate accepts. */
  waitForMessage(
    person: string,
    accepts: (message: Message) => boolean,
    timeoutMs = 10_000,
  ): Promise<Message> {
    const { world, messages } = this.#workspace;
    return this.waitFor(
      () =>
        messages
          .all()
          .filter((message) => isSeenBy(world, person, message))
          .map(forPage)
          .find(accepts),
      timeoutMs,
    );
  }

  /** Looks again after everything that happens, until there is something to see. */
  waitFor<Seen>(look: () => Seen | undefined, timeoutMs = 10_000): Promise<Seen> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const seen = look();
        if (seen === undefined) return;
        end();
        resolve(seen);
      };
      const unsubscribe = this.#workspace.feed.subscribe(check);
      const timer = setTimeout(() => {
        end();
        reject(new Error(`Nothing of the kind happened within ${timeoutMs} ms`));
      }, timeoutMs);
      const end = () => {
        unsubscribe();
        clearTimeout(timer);
      };
      check();
    });
  }
}
