import { pino } from 'pino';
import type { LogLevel } from './config/process-settings.ts';
import type { Log } from './ports/host.ts';
import { loggedHere } from './ports/log-context.ts';

/**
 * What may never be in a log, by where libraries put it: tokens and payloads in errors and requests. Our own code logs
 * ids, names and counts only.
 */
const REDACTED = [
  '*.token',
  '*.authorization',
  '*.password',
  'err.config',
  'err.request',
  'err.command',
  'err.original.config',
];

/** Structured lines on standard output, for operators. The audit log is another thing: evidence, kept in the store. */
export function createLog(level: LogLevel): Log {
  return pino({
    level,
    base: null,
    mixin: () => ({ ...loggedHere() }),
    redact: { paths: REDACTED, censor: '[secret]' },
  });
}
