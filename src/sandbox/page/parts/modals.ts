import type { SubmitOutcome, Values, View } from '../api.ts';
import { showProblems } from '../blocks/controls.ts';
import { el, icon, replace } from '../el.ts';
import { createForm, type Form } from '../form.ts';
import type { Surface } from '../surface.ts';

type Deeds = {
  readonly surface: (view: View, form: Form) => Surface;
  readonly submit: (view: View, values: Values) => Promise<SubmitOutcome>;
  readonly close: (view: View) => void;
  readonly say: (problem: string) => void;
};

type Open = {
  readonly dialog: HTMLDialogElement;
  readonly show: (view: View) => void;
};

/** The stack of modals: the topmost can be used, those beneath wait with what was filled in. */
export function createModals(deeds: Deeds): { readonly show: (views: readonly View[]) => void } {
  const open = new Map<string, Open>();
  /** Closed by the person here; the server may not have heard of it yet. */
  const closed = new Set<string>();
  const close = (view: View): void => {
    closed.add(view.id);
    drop(view.id);
    deeds.close(view);
  };
  const drop = (id: string): void => {
    const modal = open.get(id);
    open.delete(id);
    modal?.dialog.close();
    modal?.dialog.remove();
  };
  const show = (views: readonly View[]): void => {
    const wanted = views.filter(({ id }) => !closed.has(id));
    for (const id of [...open.keys()]) if (!wanted.some((view) => view.id === id)) drop(id);
    for (const view of wanted) {
      const known = open.get(view.id);
      if (known !== undefined) {
        known.show(view);
        continue;
      }
      const modal = createModal(view.id, deeds, close);
      open.set(view.id, modal);
      modal.show(view);
      document.body.append(modal.dialog);
      modal.dialog.showModal();
      modal.dialog.querySelector<HTMLElement>('.dialog-body :is(input, select, textarea)')?.focus();
    }
  };
  return { show };
}

function createModal(id: string, deeds: Deeds, close: (view: View) => void): Open {
  const dialog = el('dialog', { class: 'dialog', 'aria-labelledby': `${id}-title` });
  const form = el('form', { novalidate: true });
  dialog.append(form);
  let inputs = createForm({});
  let surface: Surface | undefined;
  let shown: View | undefined;
  let signature = '';

  const setBusy = (isBusy: boolean): void => {
    form.setAttribute('aria-busy', String(isBusy));
    const button = form.querySelector<HTMLButtonElement>('button[type=submit]');
    if (button !== null) button.setAttribute('aria-busy', String(isBusy));
  };

  const show = (view: View): void => {
    shown = view;
    if (JSON.stringify(view) === signature) return;
    signature = JSON.stringify(view);
    setBusy(false);
    inputs = createForm(inputs.values());
    surface = deeds.surface(view, inputs);
    replace(
      form,
      el(
        'header',
        { class: 'dialog-head' },
        el('h2', { id: `${id}-title`, class: 'dialog-title' }, view.title),
        el(
          'button',
          {
            type: 'button',
            class: 'button button-icon button-quiet',
            'aria-label': 'Close',
            click: () => close(view),
          },
          icon('icon-close'),
        ),
      ),
      el('div', { class: 'dialog-body' }, ...surface.drawBlocks(view.blocks)),
      el(
        'footer',
        { class: 'dialog-foot' },
        el(
          'button',
          { type: 'button', class: 'button', 'data-key': 'modal-close', click: () => close(view) },
          view.close ?? (view.submit === undefined ? 'Close' : 'Cancel'),
        ),
        view.submit !== undefined &&
          el(
            'button',
            { type: 'submit', class: 'button button-primary', 'data-key': 'modal-submit' },
            el('span', {}, view.submit),
          ),
      ),
    );
  };

  const submit = async (view: View, on: Surface): Promise<void> => {
    const problems = inputs.problems();
    showProblems(form, on, problems);
    if (problems.size > 0) return;
    setBusy(true);
    const outcome = await deeds.submit(view, inputs.values());
    setBusy(false);
    if (outcome.ok) return;
    if ('errors' in outcome) showProblems(form, on, new Map(Object.entries(outcome.errors)));
    else deeds.say(outcome.problem);
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (shown?.submit === undefined || surface === undefined || form.getAttribute('aria-busy') === 'true')
      return;
    void submit(shown, surface);
  });
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    if (shown !== undefined) close(shown);
  });
  return { dialog, show };
}
