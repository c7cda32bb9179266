import { el } from '../el.ts';
import { type Json, stringOf } from '../reading.ts';
import type { Place } from '../surface.ts';
import { drawButton } from './button.ts';
import { drawCheckboxes, drawMultiSelect, drawRadioButtons } from './choices.ts';
import {
  drawDatePicker,
  drawEmailInput,
  drawNumberInput,
  drawPlainTextInput,
  drawTimePicker,
  drawUrlInput,
} from './fields.ts';
import { drawImage } from './image.ts';
import { drawOverflow } from './overflow.ts';
import { drawChannelSelect, drawPeopleSelect, drawSelect } from './select.ts';

/** Every element the page can draw. A new one is one function and one line here. */
const ELEMENTS: ReadonlyMap<string, (element: Json, place: Place) => HTMLElement> = new Map([
  ['button', drawButton],
  ['overflow', drawOverflow],
  ['image', drawImage],
  ['static_select', drawSelect],
  ['users_select', drawPeopleSelect],
  ['channels_select', drawChannelSelect],
  ['conversations_select', drawChannelSelect],
  ['multi_static_select', drawMultiSelect],
  ['radio_buttons', drawRadioButtons],
  ['checkboxes', drawCheckboxes],
  ['plain_text_input', drawPlainTextInput],
  ['number_input', drawNumberInput],
  ['datepicker', drawDatePicker],
  ['timepicker', drawTimePicker],
  ['email_text_input', drawEmailInput],
  ['url_text_input', drawUrlInput],
]);

export function drawElement(element: Json, place: Place): HTMLElement {
  const type = stringOf(element['type']);
  const draw = ELEMENTS.get(type);
  return draw === undefined ? drawUnknown(type) : draw(element, place);
}

/** What the page does not know is named rather than left out: the person should know that something stood there. */
export function drawUnknown(type: string): HTMLElement {
  return el('div', { class: 'unknown' }, `The sandbox does not draw “${type || 'untyped'}”.`);
}
