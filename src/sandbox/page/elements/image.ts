import { el } from '../el.ts';
import { type Json, recordOf, stringOf } from '../reading.ts';

/**
 * Only pictures that are here already: a sandbox that fetched from the internet would tell strangers about the person
 * who looks at it. Others are named.
 */
export function drawImage(element: Json): HTMLElement {
  const url = stringOf(element['image_url']) || stringOf(recordOf(element['slack_file'])['url']);
  const words = stringOf(element['alt_text']);
  const isHere = /^data:image\/(?:png|jpeg|gif|webp|svg\+xml)[;,]/i.test(url) || /^\/(?!\/)/.test(url);
  if (isHere) return el('img', { class: 'picture', src: url, alt: words, loading: 'lazy' });
  return el('span', { class: 'picture-absent', title: url }, `Picture: ${words || 'without a description'}`);
}
