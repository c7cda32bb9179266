/** Small valid pieces of Block Kit, to be made longer or broken by a test. */

export const plain = (text: string) => ({ type: 'plain_text', text });
export const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
export const x = (length: number) => 'x'.repeat(length);
export const list = <Item>(length: number, make: (index: number) => Item) =>
  Array.from({ length }, (_, index) => make(index));
export const button = (more: object = {}) => ({ type: 'button', text: plain('Go'), ...more });
export const actions = (...elements: object[]) => ({ type: 'actions', elements });
export const section = (more: object) => ({ type: 'section', text: mrkdwn('x'), ...more });
export const option = (more: object = {}) => ({ text: plain('One'), value: 'one', ...more });
export const options = (count: number) => list(count, (index) => option({ value: `v${index}` }));
export const confirm = (more: object) => ({ title: plain('Sure?'), text: plain('Really'), ...more });
export const input = (element: object, more: object = {}) => ({
  type: 'input',
  label: plain('Label'),
  element,
  ...more,
});
export const image = (more: object) => ({
  type: 'image',
  image_url: 'https://x.test/a.png',
  alt_text: 'a',
  ...more,
});
export const cells = (rows: number, columns: number, text = 'x') =>
  list(rows, () => list(columns, () => ({ type: 'raw_text', text })));
export const pie = (segments: object[]) => ({
  type: 'data_visualization',
  title: 'T',
  chart: { type: 'pie', segments },
});
export const bar = (series: object[], categories: string[], more: object = {}) => ({
  type: 'data_visualization',
  title: 'T',
  chart: { type: 'bar', series, axis_config: { categories }, ...more },
});
export const names = (count: number) => list(count, (index) => `c${index}`);
export const covering = (categories: string[]) => categories.map((label) => ({ label, value: 1 }));
