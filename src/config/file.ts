import { parseDocument } from 'yaml';
import type { z } from 'zod';
import type { Fault } from './fault.ts';
import { type FileSettings, fileSchema } from './file-schema.ts';
import { environmentValue, fillIn, type Outside } from './outside-values.ts';
import { remedyFor } from './remedies.ts';
import { urlWithoutSecrets } from './secret.ts';

const DEFAULT_FILE = 'poison-control.yml';

/**
 * The settings of the file; without a file those that SIDEKIQ_REDIS_URL stands for: one sidekiq called `default`.
 * Undefined when faults were found.
 */
export function fileSettings(outside: Outside, faults: Fault[]): FileSettings | undefined {
  const named = environmentValue('POISON_CONTROL_CONFIG', outside, faults);
  const path = named ?? DEFAULT_FILE;
  const text = outside.readFile(path);
  if (text !== undefined) return parseFile(text, path, outside, faults);
  const redis = environmentValue('SIDEKIQ_REDIS_URL', outside, faults);
  if (redis !== undefined && named === undefined) {
    return checked({ sidekiqs: { default: { redis } } }, faults, () => 'SIDEKIQ_REDIS_URL');
  }
  faults.push({
    path: 'POISON_CONTROL_CONFIG',
    expected: `a readable file at ${path}${named === undefined ? ', or SIDEKIQ_REDIS_URL' : ''}`,
    given: 'it is missing or may not be read',
    remedy: 'Copy poison-control.example.yml there, or set SIDEKIQ_REDIS_URL for a single Sidekiq.',
  });
  return undefined;
}

function parseFile(text: string, path: string, outside: Outside, faults: Fault[]): FileSettings | undefined {
  const document = parseDocument(text, { uniqueKeys: true });
  for (const error of document.errors) {
    const line = error.linePos?.[0].line;
    faults.push({
      path: line === undefined ? path : `${path} line ${line}`,
      expected: 'YAML',
      // The library's first line; those after it quote the file, which may hold a password.
      given: error.code.toLowerCase().replaceAll('_', ' '),
      remedy: 'Check the indentation, the colons and the quotes of that line.',
    });
  }
  if (document.errors.length > 0) return undefined;
  return checked(fillIn(document.toJS(), [], outside, faults), faults, (keys) => keys.join('.') || path);
}

function checked(
  value: unknown,
  faults: Fault[],
  name: (keys: readonly PropertyKey[]) => string,
): FileSettings | undefined {
  const before = faults.length;
  const result = fileSchema.safeParse(value);
  if (!result.success) faults.push(...result.error.issues.flatMap((issue) => faultsOf(issue, value, name)));
  else checkReports(result.data, faults);
  return faults.length === before && result.success ? result.data : undefined;
}

function faultsOf(
  issue: z.core.$ZodIssue,
  root: unknown,
  name: (keys: readonly PropertyKey[]) => string,
): readonly Fault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: name([...issue.path, key]),
      expected: 'a setting that exists',
      given: `the unknown setting ${key}`,
      remedy: 'Check the spelling, or remove it; docs/settings.md lists every setting.',
    }));
  }
  const remedy = remedyFor(issue.path);
  return [{ path: name(issue.path), expected: issue.message, given: shown(issue.path, root), remedy }];
}

/** The value at a path as people may see it. Only an address can hold a secret; all else in the file is names and numbers. */
function shown(path: readonly PropertyKey[], root: unknown): string {
  let value: unknown = root;
  for (const key of path) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  }
  if (value === undefined) return 'nothing';
  if (typeof value === 'object')
    return Array.isArray(value) ? 'a list' : value === null ? 'nothing' : 'a group of settings';
  const words = String(value);
  if (path.at(-1) === 'redis' || /:\/\//.test(words)) return urlWithoutSecrets(words);
  return words.length > 80 ? `${words.slice(0, 80)}…` : words;
}

function checkReports(settings: FileSettings, faults: Fault[]): void {
  settings.reports.forEach((report, index) => {
    if (Object.hasOwn(settings.sidekiqs, report.sidekiq)) return;
    const path = ['reports', index, 'sidekiq'];
    faults.push({
      path: path.join('.'),
      expected: `one of ${Object.keys(settings.sidekiqs).join(', ')}`,
      given: report.sidekiq,
      remedy: remedyFor(path),
    });
  });
}
