import { expect, test } from 'vitest';
import { isEmpty, NotOffered, stateOf, stateValues } from '../../src/sandbox/element-state.ts';

const option = (value: string) => ({ text: { type: 'plain_text', text: value }, value });

test.each([
  [{ type: 'plain_text_input', initial_value: 'before' }, { value: 'before' }],
  [{ type: 'plain_text_input' }, { value: null }],
  [{ type: 'number_input', initial_value: '7' }, { value: '7' }],
  [{ type: 'static_select', initial_option: option('a') }, { selected_option: option('a') }],
  [{ type: 'radio_buttons' }, { selected_option: null }],
  [{ type: 'checkboxes', initial_options: [option('a')] }, { selected_options: [option('a')] }],
  [{ type: 'multi_users_select', initial_users: ['U1'] }, { selected_users: ['U1'] }],
  [{ type: 'datepicker', initial_date: '2026-11-23' }, { selected_date: '2026-11-23' }],
  [{ type: 'datetimepicker', initial_date_time: 7 }, { selected_date_time: 7 }],
  [{ type: 'rich_text_input' }, { rich_text_value: null }],
])('an untouched $type holds what it began with', (element, state) => {
  expect(stateOf(element, undefined)).toEqual({ type: element.type, ...state });
});

test.each([
  [{ type: 'plain_text_input', initial_value: 'before' }, null, { value: null }],
  [
    { type: 'static_select', initial_option: option('a'), options: [option('a')] },
    null,
    { selected_option: null },
  ],
  [{ type: 'checkboxes', initial_options: [option('a')] }, [], { selected_options: [] }],
  [{ type: 'multi_channels_select', initial_channels: ['C1'] }, null, { selected_channels: [] }],
  [{ type: 'datetimepicker', initial_date_time: 7 }, null, { selected_date_time: null }],
])('an emptied $type holds nothing', (element, chosen, state) => {
  const held = stateOf(element, chosen);
  expect(held).toEqual({ type: element.type, ...state });
  expect(isEmpty(held ?? {})).toBe(true);
});

test('rich text is told as a block', () => {
  expect(stateOf({ type: 'rich_text_input' }, 'why')).toMatchObject({
    rich_text_value: { type: 'rich_text', elements: [{ elements: [{ type: 'text', text: 'why' }] }] },
  });
});

test('a choice that is not offered is an error, also after the options have changed', () => {
  expect(() => stateOf({ type: 'static_select', options: [option('a')] }, 'b')).toThrow(NotOffered);
  expect(() => stateOf({ type: 'overflow', options: [] }, ['a'])).toThrow(NotOffered);
});

test('buttons and overflow menus hold nothing between presses', () => {
  const blocks = [
    {
      type: 'actions',
      block_id: 'b',
      elements: [
        { type: 'button', action_id: 'x' },
        { type: 'overflow', action_id: 'y' },
      ],
    },
  ];
  expect(stateValues(blocks, {})).toEqual({});
});

test('what stands inside a container is part of the state', () => {
  const inner = { type: 'section', block_id: 'inner', accessory: { type: 'users_select', action_id: 'who' } };
  const blocks = [{ type: 'container', block_id: 'outer', child_blocks: [inner] }];
  expect(stateValues(blocks, { inner: { who: 'U0ANN' } })).toEqual({
    inner: { who: { type: 'users_select', selected_user: 'U0ANN' } },
  });
});
