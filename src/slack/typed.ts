/**
 * What a person typed, out of what Slack makes of it with `should_escape`: entities become characters again, and links that
 * Slack found (`<https://x.io|x.io>`) the words that were typed. Mentions stay as Slack wrote them: `<@U1|ann>`.
 */
export function typedText(text: string): string {
  return text
    .replaceAll(/<((?:https?|mailto|tel):[^<>|]*)(?:\|([^<>]*))?>/g, (_, address: string, label?: string) =>
      label === undefined ? address : label,
    )
    .replaceAll(/&(amp|lt|gt);/g, (_, name: keyof typeof CHARACTERS) => CHARACTERS[name]);
}

const CHARACTERS = { amp: '&', lt: '<', gt: '>' } as const;
