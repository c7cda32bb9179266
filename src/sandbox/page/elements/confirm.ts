import { el } from '../el.ts';
import { type Json, recordOf, wordsOf } from '../reading.ts';
import { drawProse, type Names } from '../text/draw.ts';
import { readText } from '../text/text-object.ts';

/** Asks what the element's `confirm` object says, if it has one; true when the person goes on. */
export async function confirmed(element: Json, names: Names): Promise<boolean> {
  const confirm = recordOf(element['confirm']);
  if (Object.keys(confirm).length === 0) return true;
  const isDanger = confirm['style'] === 'danger';
  const dialog = el(
    'dialog',
    { class: 'dialog dialog-small', 'aria-labelledby': 'confirm-title' },
    el(
      'form',
      { method: 'dialog' },
      el('h2', { id: 'confirm-title', class: 'dialog-title' }, wordsOf(confirm['title']) || 'Are you sure?'),
      el('div', { class: 'dialog-body prose' }, ...drawProse(readText(confirm['text']), names)),
      el(
        'footer',
        { class: 'dialog-foot' },
        el('button', { class: 'button', value: 'no' }, wordsOf(confirm['deny']) || 'Cancel'),
        el(
          'button',
          { class: isDanger ? 'button button-danger' : 'button button-primary', value: 'yes' },
          wordsOf(confirm['confirm']) || 'Yes',
        ),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((settle) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      settle(dialog.returnValue === 'yes');
    });
  });
}
