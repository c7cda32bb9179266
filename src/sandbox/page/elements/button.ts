import { el } from '../el.ts';
import { type Json, stringOf, wordsOf } from '../reading.ts';
import type { Place } from '../surface.ts';
import { drawInlineText } from '../text/draw.ts';
import { readText } from '../text/text-object.ts';
import { confirmed } from './confirm.ts';

/** A button, or a link that looks like one. A link tells the bot as well, as Slack does. */
export function drawButton(element: Json, place: Place): HTMLElement {
  const actionId = stringOf(element['action_id']);
  const style = element['style'];
  const className = style === 'primary' || style === 'danger' ? `button button-${style}` : 'button';
  const url = stringOf(element['url']);
  const shared = {
    class: className,
    // About thirty characters show in Slack; the whole label is then in the tooltip.
    title: wordsOf(element['text']).length > 30 ? wordsOf(element['text']) : undefined,
    'data-key': `${place.blockId}/${actionId}/${stringOf(element['value'])}`,
    'aria-label': stringOf(element['accessibility_label']) || undefined,
  };
  const label = el('span', {}, ...drawInlineText(readText(element['text']), place.surface.names));
  if (/^https?:\/\//i.test(url)) {
    const link = el('a', { ...shared, href: url, target: '_blank', rel: 'noopener noreferrer' }, label);
    link.addEventListener('click', () => void place.surface.press(place.blockId, actionId));
    return link;
  }
  const button = el('button', { ...shared, type: 'button' }, label);
  button.addEventListener('click', async () => {
    if (button.getAttribute('aria-busy') === 'true') return;
    if (!(await confirmed(element, place.surface.names))) return;
    button.setAttribute('aria-busy', 'true');
    await place.surface.press(place.blockId, actionId).finally(() => button.removeAttribute('aria-busy'));
  });
  return button;
}
