import type { z } from 'zod';
import { isFields } from '../fields.ts';
import { pointAt } from '../refusal.ts';

/** A broken call is told in at most this many lines. */
const TOLD_FAULTS_MAX = 20;

/** What is wrong with a value from the bot, in the words and places that Slack uses; empty if nothing is. */
export function faultsOf(schema: z.ZodType, value: unknown, at: readonly PropertyKey[]): readonly string[] {
  const parsed = schema.safeParse(value);
  if (parsed.success) return [];
  return parsed.error.issues.flatMap((issue) => tell(issue, value, at)).slice(0, TOLD_FAULTS_MAX);
}

function tell(issue: z.core.$ZodIssue, value: unknown, at: readonly PropertyKey[]): readonly string[] {
  const path = [...at, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => pointAt(path, `invalid additional property: ${key}`));
    case 'too_big':
      return [
        pointAt(
          path,
          issue.origin === 'array'
            ? `no more than ${issue.maximum} items allowed`
            : `must be at most ${issue.maximum}`,
        ),
      ];
    case 'too_small':
      return [
        pointAt(
          path,
          issue.origin === 'array'
            ? `no less than ${issue.minimum} items allowed`
            : `must be at least ${issue.minimum}`,
        ),
      ];
    case 'invalid_union':
      return [pointAt(path, `unsupported type: ${String(valueAt(value, issue.path))}`)];
    case 'invalid_value':
      return [pointAt(path, `must be one of: ${issue.values.map(String).join(', ')}`)];
    case 'invalid_type':
      if (valueAt(value, issue.path) === undefined && path.length > 0) {
        return [pointAt(path.slice(0, -1), `missing required field: ${String(path.at(-1))}`)];
      }
      return [pointAt(path, `must be a ${issue.expected}`)];
    default:
      return [pointAt(path, issue.message)];
  }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((within, step) => {
    if (Array.isArray(within)) return within[Number(step)];
    return isFields(within) ? within[String(step)] : undefined;
  }, value);
}
