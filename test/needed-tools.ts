import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a test file says when it needs a program that may be missing on somebody's laptop. */
const SIGNS: Readonly<Record<string, RegExp>> = {
  sidekiq: /real-sidekiq\/|'--real'|ruby -w|docs\/demo\.test/,
  chromium: /playwright-core|docs\/pictures\.test/,
  postgresql: /postgres-server|store\/databases/,
  systemd: /'systemd-analyze'/,
  faketime: /settable-clock/,
  containers: /startEngine/,
};

/** The test files that need one of these tools, which script/test could not install (never on CI). */
export function testsNeeding(tools: readonly string[]): string[] {
  const signs = tools.flatMap((tool) => SIGNS[tool] ?? []);
  if (signs.length === 0) return [];
  return readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join('test', name))
    .filter((path) => signs.some((sign) => sign.test(readFileSync(path, 'utf8'))));
}
