import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

/**
 * Who may import whom: the floors of docs/architecture.md. A file belongs to the first floor whose pattern matches.
 * `imports` are floors; `packages` are vendors. `node:` modules are free everywhere except in core.
 */
const FLOORS = [
  {
    name: 'main',
    match: /^src\/(main|bot|after-start)\.ts$/,
    imports: ['main', 'app', 'config', 'core'],
    packages: [],
  },
  {
    name: 'bin',
    match: /^src\/bin\//,
    imports: ['bin', 'main', 'app', 'config', 'core', 'ports', 'store'],
    packages: [],
  },
  {
    name: 'app',
    match: /^src\/((app|clock|doctor|log|status-server)\.ts$|app\/)/,
    imports: '*',
    packages: ['pino'],
  },
  {
    name: 'config',
    match: /^src\/config(\.ts|\/)/,
    imports: ['config', 'core'],
    packages: ['croner', 'zod', 'yaml'],
  },
  { name: 'ports', match: /^src\/ports\//, imports: ['ports', 'core'], packages: [] },
  { name: 'core', match: /^src\/core\//, imports: ['core'], packages: ['zod', 'node:crypto'] },
  { name: 'flow', match: /^src\/flow\//, imports: ['flow', 'core', 'ports'], packages: ['zod'] },
  { name: 'redis', match: /^src\/redis\//, imports: ['redis', 'core', 'ports'], packages: ['ioredis'] },
  {
    name: 'metrics',
    match: /^src\/metrics\//,
    imports: ['metrics', 'core', 'ports'],
    packages: ['prom-client'],
  },
  {
    name: 'kubernetes',
    match: /^src\/kubernetes\//,
    imports: ['kubernetes', 'core', 'ports'],
    packages: ['@kubernetes/client-node'],
  },
  { name: 'store', match: /^src\/store\//, imports: ['store', 'core', 'ports'], packages: ['kysely', 'pg'] },
  {
    name: 'slack',
    match: /^src\/slack\//,
    imports: ['slack', 'core', 'ports'],
    packages: ['@slack/bolt', 'undici', 'zod'],
  },
  { name: 'terminal', match: /^src\/terminal\//, imports: ['terminal', 'core', 'ports'], packages: [] },
  { name: 'page', match: /^src\/sandbox\/page\//, imports: ['page'], packages: [] },
  {
    name: 'sandbox',
    match: /^src\/sandbox\//,
    imports: ['sandbox', 'page', 'core', 'app', 'config'],
    packages: ['ws', 'zod'],
  },
  { name: 'commands', match: /^commands\//, imports: ['core', 'command'], packages: ['zod'] },
] as const;

/** `commands/*` see two files of flow, both of which only look, and never each other, but for the list that names them. */
const SEEN_BY_COMMANDS = ['src/flow/command.ts', 'src/flow/health.ts'];

function floorOf(path: string): string {
  const floor = FLOORS.find((candidate) => candidate.match.test(path));
  if (floor === undefined) throw new Error(`${path} stands on no floor`);
  return floor.name;
}

type Import = { readonly from: string; readonly to: string };

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => path.endsWith('.ts'));
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s+['"]([^'"]+)['"]/g;

function importsOf(path: string): Import[] {
  const text = readFileSync(path, 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
  return [...text.matchAll(IMPORT)].map((found) => ({
    from: path,
    to: found[1] ?? found[2] ?? found[3] ?? '',
  }));
}

function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier);
}

function faultOf({ from, to }: Import): string | undefined {
  const floor = FLOORS.find((candidate) => candidate.name === floorOf(from));
  if (floor === undefined) return undefined;
  if (!to.startsWith('.')) {
    if (to.startsWith('node:') && floor.name !== 'core') return undefined;
    const allowed: readonly string[] = floor.packages;
    return allowed.includes(packageOf(to)) ? undefined : `${from} imports the package ${to}`;
  }
  const target = normalize(join(dirname(from), to));
  if (floor.name === 'commands') {
    if (SEEN_BY_COMMANDS.includes(target) || target.startsWith('src/core/')) return undefined;
    const isList = from === 'commands/index.ts' && target.startsWith('commands/');
    return isList ? undefined : `${from} imports ${target}`;
  }
  if (floor.imports === '*') return undefined;
  const allowed: readonly string[] = floor.imports;
  return allowed.includes(floorOf(target)) ? undefined : `${from} (${floor.name}) imports ${target}`;
}

const FILES = ['src', 'commands'].flatMap(sources);
const IMPORTS = FILES.flatMap(importsOf);

test('every file imports only what its floor allows', () => {
  expect(FILES.length).toBeGreaterThan(10);
  expect(IMPORTS.map(faultOf).filter((fault) => fault !== undefined)).toEqual([]);
});

test('no file imports itself through others, by type or by value', () => {
  const edges = new Map<string, string[]>();
  for (const { from, to } of IMPORTS) {
    if (!to.startsWith('.')) continue;
    edges.set(from, [...(edges.get(from) ?? []), normalize(join(dirname(from), to))]);
  }
  const done = new Set<string>();
  const cycleFrom = (path: string, trail: readonly string[]): string | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path].join(' -> ');
    if (done.has(path)) return undefined;
    for (const next of edges.get(path) ?? []) {
      const cycle = cycleFrom(next, [...trail, path]);
      if (cycle !== undefined) return cycle;
    }
    done.add(path);
    return undefined;
  };
  expect(FILES.map((path) => cycleFrom(path, [])).filter((cycle) => cycle !== undefined)).toEqual([]);
});

test('relative imports carry the ending of the file that runs', () => {
  const bare = IMPORTS.filter(({ to }) => to.startsWith('.') && !to.endsWith('.ts'));
  expect(bare).toEqual([]);
});

test('no file is a box of odds and ends', () => {
  const boxes = FILES.filter((path) => /\/(utils?|types?|helpers?|common|interfaces?|misc)\.ts$/.test(path));
  expect(boxes).toEqual([]);
});

test('no file has grown beyond what one person reads in one go', () => {
  const long = FILES.filter((path) => /^(src|commands)\/.*\.ts$/.test(path)).filter(
    (path) => readFileSync(path, 'utf8').split('\n').length > 301,
  );
  expect(long).toEqual([]);
});
