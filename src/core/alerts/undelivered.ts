import type { Answer } from '../reply/reply.ts';
import { bold, code, say } from '../reply/text.ts';

/** What the operators are told when an alert can't be posted: whoever waits for alerts hears of none meanwhile. */
export function undelivered(sidekiq: string, channel: string, sentence: string): Answer {
  return {
    type: 'answer',
    tone: 'warning',
    headline: say`${bold(`${sidekiq}: an alert did not reach its channel.`)} I try again each minute.`,
    parts: [{ type: 'paragraph', text: say`Channel ${code(channel)}: ${sentence}` }],
    buttons: [{ type: 'ask', label: 'Health', command: `health on ${sidekiq}` }],
    data: null,
  };
}
