import { randomBytes } from 'node:crypto';
import { nameParts } from './elements.ts';
import type { Feed } from './feed.ts';
import type { Fields } from './fields.ts';
import type { Block, View } from './page/api.ts';
import type { ViewBody } from './validate/view.ts';
import type { World } from './world.ts';

/** A modal or Home tab as one person has it before them. */
export type OpenView = {
  readonly id: string;
  readonly person: string;
  /** Changes with every version; an update that names an older one is refused. */
  readonly hash: string;
  readonly rootId: string;
  readonly previousId?: string;
  readonly body: ViewBody;
  readonly blocks: readonly Block[];
};

/** At most this many modals lie on one another (reference/slack.md, section 8). */
export const STACK_MAX = 3;

/** The stack of modals and the Home tab of every person. */
export class Views {
  readonly #feed: Feed;
  readonly #stacks = new Map<string, readonly OpenView[]>();
  readonly #homes = new Map<string, OpenView>();

  constructor(feed: Feed) {
    this.#feed = feed;
  }

  /** The stack of modals, topmost last. */
  modalsOf(person: string): readonly OpenView[] {
    return this.#stacks.get(person) ?? [];
  }

  homeOf(person: string): OpenView | undefined {
    return this.#homes.get(person);
  }

  find(id: string): OpenView | undefined {
    return this.#all().find((view) => view.id === id);
  }

  findExternal(externalId: string): OpenView | undefined {
    return this.#all().find((view) => externalId !== '' && view.body.external_id === externalId);
  }

  /** Begins a new stack. */
  open(person: string, body: ViewBody): OpenView {
    const view = newView(person, body);
    this.#stack(person, [view]);
    return view;
  }

  /** Lays a view on top of the stack; the caller has checked that there is room. */
  push(person: string, body: ViewBody): OpenView {
    const stack = this.modalsOf(person);
    const view = newView(person, body, stack);
    this.#stack(person, [...stack, view]);
    return view;
  }

  update(view: OpenView, body: ViewBody): OpenView {
    const updated = { ...view, hash: newHash(), body, blocks: nameParts(body.blocks) };
    if (body.type === 'home') this.#setHome(updated);
    else {
      const stack = this.modalsOf(view.person);
      this.#stack(
        view.person,
        stack.map((one) => (one.id === view.id ? updated : one)),
      );
    }
    return updated;
  }

  publish(person: string, body: ViewBody): OpenView {
    const home = this.homeOf(person);
    if (home !== undefined) return this.update(home, body);
    const view = newView(person, body);
    this.#setHome(view);
    return view;
  }

  /** Takes a modal away, and whatever lay on it. */
  remove(view: OpenView): void {
    const stack = this.modalsOf(view.person);
    const index = stack.findIndex((one) => one.id === view.id);
    if (index >= 0) this.#stack(view.person, stack.slice(0, index));
  }

  clear(person: string): void {
    if (this.modalsOf(person).length > 0) this.#stack(person, []);
  }

  #all(): readonly OpenView[] {
    return [...[...this.#stacks.values()].flat(), ...this.#homes.values()];
  }

  #stack(person: string, stack: readonly OpenView[]): void {
    this.#stacks.set(person, stack);
    this.#feed.tell({ type: 'modals', person, modals: stack.map(viewForPage) });
  }

  #setHome(home: OpenView): void {
    this.#homes.set(home.person, home);
    this.#feed.tell({ type: 'home', person: home.person, home: viewForPage(home) });
  }
}

function newView(person: string, body: ViewBody, below: readonly OpenView[] = []): OpenView {
  const id = `V${randomBytes(6).toString('hex').toUpperCase()}`;
  const previous = below.at(-1);
  return {
    id,
    person,
    hash: newHash(),
    rootId: below[0]?.id ?? id,
    ...(previous === undefined ? {} : { previousId: previous.id }),
    body,
    blocks: nameParts(body.blocks),
  };
}

function newHash(): string {
  return randomBytes(6).toString('hex');
}

/** The view as the page is told of it. */
export function viewForPage({ id, body, blocks }: OpenView): View {
  if (body.type === 'home') return { id, type: 'home', title: 'Home', blocks };
  return {
    id,
    type: 'modal',
    title: body.title.text,
    ...(body.submit === undefined ? {} : { submit: body.submit.text }),
    ...(body.close === undefined ? {} : { close: body.close.text }),
    blocks,
  };
}

/** The view as the Web API and the payloads show it. */
export function viewForApi(world: World, view: OpenView, values: Fields = {}): Fields {
  return {
    title: null,
    submit: null,
    close: null,
    callback_id: '',
    private_metadata: '',
    external_id: '',
    notify_on_close: false,
    clear_on_close: false,
    submit_disabled: false,
    ...view.body,
    id: view.id,
    team_id: world.team.id,
    app_id: world.bot.appId,
    bot_id: world.bot.botId,
    app_installed_team_id: world.team.id,
    blocks: view.blocks,
    state: { values },
    hash: view.hash,
    root_view_id: view.rootId,
    previous_view_id: view.previousId ?? null,
  };
}
