/** The short names that an operations bot uses. A name that is not here stays the text it was. */
const CHARACTERS: ReadonlyMap<string, string> = new Map([
  ['white_check_mark', '✅'],
  ['heavy_check_mark', '✔️'],
  ['x', '❌'],
  ['warning', '⚠️'],
  ['rotating_light', '🚨'],
  ['red_circle', '🔴'],
  ['large_orange_circle', '🟠'],
  ['large_yellow_circle', '🟡'],
  ['large_green_circle', '🟢'],
  ['large_blue_circle', '🔵'],
  ['white_circle', '⚪'],
  ['hourglass', '⌛'],
  ['hourglass_flowing_sand', '⏳'],
  ['lock', '🔒'],
  ['no_entry', '⛔'],
  ['octagonal_sign', '🛑'],
  ['information_source', 'ℹ️'],
  ['bell', '🔔'],
  ['skull', '💀'],
  ['fire', '🔥'],
  ['eyes', '👀'],
  ['tada', '🎉'],
  ['wave', '👋'],
  ['raised_hand', '✋'],
  ['thumbsup', '👍'],
  ['+1', '👍'],
  ['thumbsdown', '👎'],
  ['-1', '👎'],
  ['recycle', '♻️'],
  ['arrows_counterclockwise', '🔄'],
  ['arrow_up', '⬆️'],
  ['arrow_down', '⬇️'],
  ['arrow_right', '➡️'],
  ['double_vertical_bar', '⏸️'],
  ['zzz', '💤'],
  ['bulb', '💡'],
  ['mag', '🔍'],
  ['memo', '📝'],
  ['link', '🔗'],
  ['package', '📦'],
  ['chart_with_upwards_trend', '📈'],
  ['chart_with_downwards_trend', '📉'],
  ['bar_chart', '📊'],
  ['snail', '🐌'],
  ['ghost', '👻'],
  ['shield', '🛡️'],
]);

const NAMES: ReadonlyMap<string, string> = new Map(
  [...CHARACTERS].map(([name, character]) => [character.replace('\uFE0F', ''), name]),
);

export function emojiNamed(name: string): string | undefined {
  return CHARACTERS.get(name);
}

/** The known emoji that stands at `at`, with how many code units it takes. */
export function emojiAt(
  text: string,
  at: number,
): { readonly name: string; readonly character: string; readonly length: number } | undefined {
  const codePoint = text.codePointAt(at);
  if (codePoint === undefined || codePoint < 0x2000) return undefined;
  const character = String.fromCodePoint(codePoint);
  const name = NAMES.get(character);
  if (name === undefined) return undefined;
  const selector = text[at + character.length] === '\uFE0F' ? 1 : 0;
  return {
    name,
    character: CHARACTERS.get(name) ?? character,
    length: character.length + selector,
  };
}
