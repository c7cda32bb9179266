import type { Fault } from './fault.ts';
import { environmentValue, type Outside } from './outside-values.ts';
import { Secret, urlWithoutSecrets } from './secret.ts';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const AUDIT_KEY_LENGTH_MIN = 16;

/** What the process itself needs, apart from Slack and Sidekiq. */
export type ProcessSettings = {
  readonly databaseUrl: Secret;
  /** Seals the records of the audit log, so that only its holder can write one that fits. */
  readonly auditKey: Secret | undefined;
  readonly http: { readonly host: string; readonly port: number };
  readonly logLevel: LogLevel;
};

export function processSettings(outside: Outside, faults: Fault[]): ProcessSettings {
  return {
    databaseUrl: databaseUrl(outside, faults),
    auditKey: auditKey(outside, faults),
    http: {
      host: environmentValue('HTTP_HOST', outside, faults) ?? '127.0.0.1',
      port: httpPort(outside, faults),
    },
    logLevel: logLevel(outside, faults),
  };
}

function databaseUrl(outside: Outside, faults: Fault[]): Secret {
  const given = environmentValue('DATABASE_URL', outside, faults) ?? 'sqlite:data/poison-control.sqlite';
  // A store in memory would forget with the process what it must keep: archived jobs, and who did what.
  const isKept = /^sqlite:(?!:memory:$).+/.test(given);
  if (isKept || /^postgres(?:ql)?:\/\/.+/.test(given)) return new Secret(given);
  faults.push({
    path: 'DATABASE_URL',
    expected: 'sqlite:PATH of a file, or postgres://…',
    given: urlWithoutSecrets(given),
    remedy: 'Leave it out for a file in data/; use PostgreSQL when more than one bot runs.',
  });
  return new Secret(given);
}

function auditKey(outside: Outside, faults: Fault[]): Secret | undefined {
  const given = environmentValue('AUDIT_KEY', outside, faults);
  if (given === undefined) return undefined;
  if (given.length < AUDIT_KEY_LENGTH_MIN) {
    faults.push({
      path: 'AUDIT_KEY',
      expected: `at least ${AUDIT_KEY_LENGTH_MIN} characters that nobody can guess`,
      given: `${given.length} characters`,
      remedy: 'Make one with `openssl rand -hex 32`, and keep it where the store is not.',
    });
  }
  return new Secret(given);
}

function httpPort(outside: Outside, faults: Fault[]): number {
  const given = environmentValue('HTTP_PORT', outside, faults);
  if (given === undefined) return 3000;
  const port = /^\d{1,5}$/.test(given) ? Number(given) : Number.NaN;
  if (port <= 65_535) return port;
  faults.push({
    path: 'HTTP_PORT',
    expected: 'a port from 0 (any free one) to 65535',
    given,
    remedy: 'Leave it out for 3000.',
  });
  return 3000;
}

function logLevel(outside: Outside, faults: Fault[]): LogLevel {
  const given = environmentValue('LOG_LEVEL', outside, faults) ?? 'info';
  const level = LOG_LEVELS.find((candidate) => candidate === given.toLowerCase());
  if (level !== undefined) return level;
  faults.push({
    path: 'LOG_LEVEL',
    expected: `one of ${LOG_LEVELS.join(', ')}`,
    given,
    remedy: 'Leave it out for info.',
  });
  return 'info';
}
