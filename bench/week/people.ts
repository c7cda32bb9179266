import { setTimeout as pause } from 'node:timers/promises';
import { DRAFT_LIFE_MS } from '../../src/core/approval/draft.ts';
import type { Random } from '../../src/sandbox/fleet/random.ts';
import type { Message, Outcome, SubmitOutcome, Values, View } from '../../src/sandbox/page/api.ts';
import type { People } from '../../src/sandbox/people.ts';
import { chooseLine, type Known, likingOf } from './acts.ts';
import type { Clicks } from './clicks.ts';
import { CHANNELS, type Part } from './setting.ts';
import { answerSince, labelsOn, lookAt, messagesFor } from './sight.ts';

/** How long a person of the week thinks between two acts, about. */
const PACE_MS = 3000;
const RECENT = 25;
const SUBMITS = 0.85;

export type Stage = {
  readonly people: People;
  readonly clicks: Clicks;
  readonly known: () => Promise<Known>;
  readonly random: Random;
  readonly ended: AbortSignal;
};

/** One person, for as long as the week lasts: types, presses, fills windows, and waits for each answer as people do. */
export async function live(part: Part, stage: Stage): Promise<void> {
  const { random, ended, people } = stage;
  while (!ended.aborted) {
    await pause(random.exponential(PACE_MS), undefined, { signal: ended }).catch(() => {});
    if (ended.aborted) return;
    for (const modal of people.modalsOf(part.id).toReversed())
      await people.close({ as: part.id, viewId: modal.id });
    await act(part, stage);
  }
}

async function act(part: Part, stage: Stage): Promise<void> {
  const { people, random } = stage;
  const chance = random.next();
  if (chance < 0.04) return visitHome(part, stage);
  if (chance < 0.45) {
    const text = chooseLine(part, await stage.known(), random);
    const deed = () => people.say({ as: part.id, channel: CHANNELS.people, text });
    return attempt(part, stage, text, undefined, deed);
  }
  const choice = chooseButton(part, stage);
  if (choice === undefined) return;
  const { message, label } = choice;
  await attempt(part, stage, label, message, () => people.pressButton(part.id, message, label));
}

async function visitHome(part: Part, stage: Stage): Promise<void> {
  const { people, random } = stage;
  await attempt(part, stage, 'Home', undefined, () => people.openHome(part.id));
  const home = people.homeOf(part.id);
  const labels = home === undefined ? [] : labelsOn(home);
  const label = labels[random.integer(Math.max(1, labels.length))];
  if (home === undefined || label === undefined) return;
  await attempt(part, stage, `Home: ${label}`, undefined, () => people.pressButton(part.id, home, label));
}

/** One act and its answer; a window that opens is filled and sent off, or closed. */
async function attempt(
  part: Part,
  stage: Stage,
  what: string,
  pressed: Message | undefined,
  deed: () => Promise<Outcome>,
): Promise<void> {
  const { people, clicks, random } = stage;
  const before = lookAt(people, part.id);
  await clicks.follow(`${part.name}: ${what}`, deed, () => answerSince(people, part, before, pressed));
  const modal = people.modalsOf(part.id).at(-1);
  if (modal === undefined) return;
  if (modal.submit === undefined || random.next() > SUBMITS) {
    await people.close({ as: part.id, viewId: modal.id });
    return;
  }
  const [opened, openedAtMs] = [lookAt(people, part.id), Date.now()];
  const values = fill(modal, random);
  const submit = async (): Promise<Outcome> => {
    const outcome: SubmitOutcome = await people.submit({ as: part.id, viewId: modal.id, values });
    // What is wrong stands in the window: an answer.
    return 'errors' in outcome ? { ok: false, problem: 'said in the window' } : outcome;
  };
  // That the window closes is Slack's doing, and no answer.
  const closed = { ...opened, modals: '' };
  await clicks.follow(`${part.name}: ${what}, sent off`, submit, () => {
    const before = people.modalsOf(part.id).length > 0 ? opened : closed;
    const seen = answerSince(people, part, before, pressed);
    return seen === 'lost' && Date.now() - openedAtMs > DRAFT_LIFE_MS ? 'answered' : seen;
  });
}

function fill(modal: View, random: Random): Values {
  const inputs = modal.blocks.filter(({ type }) => type === 'input');
  return Object.fromEntries(
    inputs.map((block) => {
      const { type, action_id, options } = block['element'] as {
        readonly type: string;
        readonly action_id: string;
        readonly options?: readonly { readonly value: string }[];
      };
      const hint = String((block['hint'] as { readonly text?: string } | undefined)?.text ?? '');
      const name = block.block_id ?? '';
      const chosen = options?.[random.integer(options.length)]?.value ?? null;
      const typed =
        name === 'typed' ? (hint.split(' or ')[0] ?? '') : name === 'reason' ? 'because it must be' : null;
      return [name, { [action_id]: type === 'static_select' ? chosen : typed }];
    }),
  );
}

/** One of the buttons that stand in the latest messages, by how gladly this person presses each. */
function chooseButton(part: Part, { people, random }: Stage) {
  const choices = messagesFor(people, part.id)
    .slice()
    .sort((one, other) => Number(other.ts) - Number(one.ts))
    .slice(0, RECENT)
    .flatMap((message) => labelsOn(message).map((label) => ({ message, label })));
  const weights = choices.map(({ label }) => likingOf(label, part));
  let left = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
  return choices.find((_choice, index) => {
    left -= weights[index] ?? 0;
    return left <= 0;
  });
}

/** Two who may approve press the same button in the same instant: it arrives at two replicas. */
export async function pressTogether(parts: readonly Part[], stage: Stage): Promise<void> {
  const { people } = stage;
  const waiting = messagesFor(people, parts[0]?.id ?? '')
    .toReversed()
    .find((message) => labelsOn(message).includes('Approve'));
  if (waiting === undefined) return;
  await Promise.all(
    parts.map((part) =>
      attempt(part, stage, 'Approve, two at once', waiting, () =>
        people.pressButton(part.id, waiting, 'Approve'),
      ),
    ),
  );
}
