import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { fileSchema } from '../../src/config/file-schema.ts';
import { blocksOf } from '../docs/pages.ts';

/** Names that people choose, as docs/settings.md writes them, by the key they stand under. */
const CHOSEN: Readonly<Record<string, string>> = { sidekiqs: 'NAME', queues: 'QUEUE', classes: 'CLASS' };

type JsonSchema = {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
};

function pathsOf(schema: JsonSchema, path: readonly string[]): readonly string[] {
  if (schema.properties !== undefined) {
    return Object.entries(schema.properties).flatMap(([key, inner]) => pathsOf(inner, [...path, key]));
  }
  const chosen = schema.additionalProperties;
  if (typeof chosen === 'object') return pathsOf(chosen, [...path, CHOSEN[path.at(-1) ?? ''] ?? '?']);
  if (schema.items?.properties !== undefined) return pathsOf(schema.items, [...path, 'N']);
  return [path.join('.')];
}

test('docs/settings.md lists exactly the settings that the schema takes', () => {
  const schema = z.toJSONSchema(fileSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const documented = [...readFileSync('docs/settings.md', 'utf8').matchAll(/^\| (`[^|]+`) \|/gm)]
    .flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))
    .filter((name) => !/^[A-Z_]+$/.test(name));
  expect(documented.sort()).toEqual([...pathsOf(schema, [])].sort());
});

test('docs/settings.md lists exactly the environment variables that are read', () => {
  const read = [
    'src/config/slack-settings.ts',
    'src/config/process-settings.ts',
    'src/config/file.ts',
  ].flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)].map(([, name]) => name),
  );
  const documented = [
    ...readFileSync('docs/settings.md', 'utf8').matchAll(/`([A-Z]+(?:_[A-Z]+)+)(?:=1)?`/g),
  ].map(([, name]) => name);
  expect([...new Set(documented)].sort()).toEqual([...new Set(read)].sort());
});

test('the settings that a guide shows are taken, beside a sidekiq', () => {
  const blocks = blocksOf('yaml');
  expect(blocks.length).toBeGreaterThan(0);
  for (const { text, page } of blocks) {
    const file = { sidekiqs: { payroll: { redis: 'redis://127.0.0.1/0' } }, ...parse(text) };
    expect(fileSchema.safeParse(file), page).toMatchObject({ success: true });
  }
});
