import type { Answer } from '../reply/reply.ts';
import { at, bold, code, say, type Text } from '../reply/text.ts';

/** What the operators are told when a morning post did not reach its channel. */
export function deliveryTrouble(
  { sidekiq, channel }: { readonly sidekiq: string; readonly channel: string },
  plannedMs: number,
  what: { readonly type: 'refused'; readonly sentence: string } | { readonly type: 'lost' },
): Answer {
  const happened: Text =
    what.type === 'refused'
      ? say`${what.sentence} I try again for an hour.`
      : say`I was stopped or cut off while I posted it, so it may stand there or not. I do not send it twice.`;
  return {
    type: 'answer',
    tone: 'warning',
    headline: say`${bold(`${sidekiq}: the morning post did not reach its channel.`)} It was due ${at(plannedMs)}.`,
    parts: [
      { type: 'paragraph', text: say`Channel ${code(channel)}: ${happened}` },
      { type: 'note', text: say`${code(`/sidekiq report on ${sidekiq}`)} shows it to whoever asks.` },
    ],
    buttons: [{ type: 'ask', label: 'Report', command: `report on ${sidekiq}` }],
    data: null,
  };
}
