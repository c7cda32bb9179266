import type { Logger } from '@slack/bolt';
import { LogLevel } from '@slack/bolt';
import type { Log } from '../ports/host.ts';

/**
 * What Slack's libraries log, in our log. Held at info whatever our own level is: at debug they print whole payloads,
 * response URLs and the ticket of the socket.
 */
export function boltLogger(log: Log): Logger {
  const line = (words: readonly unknown[]) => withoutSecrets(words.map(String).join(' '));
  return {
    debug: () => {},
    info: (...words) => log.info({ from: 'slack' }, line(words)),
    warn: (...words) => log.warn({ from: 'slack' }, line(words)),
    error: (...words) => log.error({ from: 'slack' }, line(words)),
    setLevel: () => {},
    getLevel: () => LogLevel.INFO,
    setName: () => {},
  };
}

/** Tokens, and addresses that are as good as one: whoever has a response_url or a ticket can speak for us. */
function withoutSecrets(line: string): string {
  return line
    .replaceAll(/\bx(?:ox[a-z]|app)-[\w-]+/g, '[secret]')
    .replaceAll(/\b(?:https?|wss?):\/\/[^\s'")]+/g, '[address]');
}
