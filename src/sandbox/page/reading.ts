/**
 * Reading Block Kit, which is foreign: a field may be missing or of another type, and a message that is a little wrong
 * must still be drawn as far as it goes.
 */

export type Json = Readonly<Record<string, unknown>>;

export function recordOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.map(recordOf) : [];
}

export function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The words of a text object, or of a bare string where some blocks have one. */
export function wordsOf(value: unknown): string {
  return typeof value === 'string' ? value : stringOf(recordOf(value)['text']);
}
