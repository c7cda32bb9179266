import { readFileSync } from 'node:fs';
import { COMMANDS } from '../../commands/index.ts';
import { BLOCKS, type Block, SPANS } from './pages.ts';

/**
 * Every command that the pages hold, and the test that runs it. A test takes its commands from here by its own name, so what is
 * written down as run is run, and inventory.test.ts fails on a command that nobody takes.
 */

/** The languages of blocks that are run, by who runs them. */
export const BLOCK_RUNNERS: Readonly<Record<string, string>> = {
  sh: 'test/docs/shell.test.ts',
  slack: 'test/docs/slack.test.ts',
  'sh-demo': 'test/docs/clone.test.ts',
  'sh-start': 'test/docs/clone.test.ts',
  'sh-check': 'test/docs/check.test.ts',
  'sh-container': 'test/deploy/containers/containers.test.ts',
  'sh-postgres': 'test/docs/stores.test.ts',
  'sh-sqlite': 'test/docs/stores.test.ts',
  'sh-compose': 'test/deploy/manifests.test.ts',
  'sh-compose-up': 'test/deploy/containers/containers.test.ts',
  'sh-compose-copy': 'test/deploy/containers/containers.test.ts',
  'sh-systemd': 'test/deploy/containers/containers.test.ts',
  'sh-systemd-tool': 'test/deploy/containers/containers.test.ts',
};

/** The languages of blocks in which nothing is run, by who holds them against the program. */
export const BLOCK_READERS: Readonly<Record<string, string>> = {
  env: 'test/deploy/containers/containers.test.ts',
  yaml: 'test/config/settings-doc.test.ts',
  ruby: 'test/docs/ruby.test.ts',
  json: 'test/docs/shell.test.ts',
  acl: 'test/redis/rights.test.ts',
};

/** Words, drawings, and what can't be run here: `NOT_RUN` names each command in it. */
export const PLAIN = 'text';

type Runner = { readonly test: string; readonly runs: RegExp };

/** Commands in the middle of a line, by who runs them. */
export const SPAN_RUNNERS: readonly Runner[] = [
  { test: 'test/docs/slack.test.ts', runs: /^\/sidekiq(?: |$)/ },
  {
    test: 'test/docs/shell.test.ts',
    runs: /^npm run -s (?:sidekiq|doctor|audit:verify|audit:export|archive:export|store:backup)(?: |$)/,
  },
  { test: 'test/docs/demo.test.ts', runs: /^script\/demo(?: |$)/ },
  { test: 'test/docs/check.test.ts', runs: /^npm test$/ },
  { test: 'test/docs/pictures.test.ts', runs: /^node_modules\/\.bin\/node script\/pictures\.ts$/ },
  {
    test: 'test/docs/measuring.test.ts',
    runs: /^(?:npm run -s (?:bench|fuzz|suspects:replay)|node bench\/)/,
  },
  {
    test: 'test/deploy/containers/containers.test.ts',
    runs: /^(?:store:backup \/var\/|docker compose -f deploy\/compose\.yml run )/,
  },
  {
    test: 'test/deploy/npm-package.test.ts',
    runs: /^(?:npm pack|script\/build|npm install \.\/poison-control|npx poison-control)/,
  },
];

/** What no test runs, and why. */
export const NOT_RUN: readonly { readonly command: string; readonly why: string }[] = [
  {
    command: '/invite @Poison Control',
    why: 'a command of Slack itself; the sandbox has the bot in its channels',
  },
  {
    command: 'docker build -t REGISTRY/poison-control:0.1.0 .',
    why: 'the same file is built by podman and by compose (test/deploy/containers/)',
  },
  {
    command: 'kubectl apply -n NAMESPACE -f deploy/kubernetes.yml',
    why: 'wants a cluster; podman plays the same file (test/deploy/containers/)',
  },
  {
    command: 'kubectl rollout undo',
    why: 'wants a cluster; the version before is started again in test/outside/two-versions.test.ts',
  },
  { command: '--optimize-for-size', why: 'a flag of V8 that a decision tried and left' },
];

/** Options stand alone in the pages; this is what is typed before them. */
const BELONGS_TO: Readonly<Record<string, string>> = {
  '--json': 'npm run -s sidekiq -- health',
  '-- --json': 'npm run -s doctor',
  '--expect': 'npm run -s audit:verify --',
  '--full': 'npm run -s bench --',
  '--seed=N': 'npm run -s bench -- weeks',
  '--plan': '/sidekiq purge CLASS',
  '--release-locks': '/sidekiq purge CLASS',
  '--reason': '/sidekiq quiet PROCESS',
  '--why': '/sidekiq suspects',
  '--list': '/sidekiq migrate rescue',
  '--without': '/sidekiq migrate rescue',
  '--archive-suspects': '/sidekiq migrate rescue',
  '--with-old': '/sidekiq migrate rescue',
  'on NAME': '/sidekiq backlog',
};

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** What a shell would start. */
const PROGRAM =
  /^(?:\(umask \d+; )?(?:sudo|cd|cp|mv|rm|mkdir|install|chmod|chown|export|git|npm|npx|node|ruby|gem|bundle|docker|podman|kubectl|helm|openssl|psql|pg_\w+|redis-cli|redis-server|sqlite3|curl|wget|apt-get|brew|systemctl|systemd-run|journalctl|node_modules\/\S+|(?:\.\/)?script\/\S+|bench\/\S+)(?: |$)/;

/** The command that is meant by what stands between backticks; nothing, where it is none. */
function commandIn(span: string): string | undefined {
  if (/^\/(?:sidekiq|invite)(?: |$)/.test(span)) return span;
  const [first = '', second] = span.split(' ');
  const option = [span, first].find((words) => Object.hasOwn(BELONGS_TO, words));
  if (option !== undefined) return `${BELONGS_TO[option]} ${span === '--reason' ? '--reason TEXT' : span}`;
  // An option that nobody knows is a command that nobody runs.
  if (/^--\w/.test(span)) return span;
  if (PROGRAM.test(span) && !/\.(?:ts|md|yml)$/.test(first)) return span;
  if (scripts[first] !== undefined && first.includes(':'))
    return second === undefined ? `npm run -s ${span}` : span;
  if (second !== undefined && COMMANDS.some(({ name }) => name === first)) return `/sidekiq ${span}`;
  return undefined;
}

export type Found = { readonly page: string; readonly command: string };

/** All that stand in the middle of a line. */
export const INLINE: readonly Found[] = SPANS.flatMap(({ page, text }) => {
  const command = commandIn(text);
  return command === undefined ? [] : [{ page, command }];
});

/** A line of a block that is run anyway says it word by word, or begins with the program that is mentioned. */
export function standsInARunBlock(command: string): boolean {
  const deeds = BLOCKS.filter(({ language }) => Object.hasOwn(BLOCK_RUNNERS, language))
    .flatMap(({ lines }) => lines)
    .flatMap((line) => line.replace(/ +# .*$/, '').split(/ && |; /))
    .map((deed) => deed.replace(/ > \S+$/, ''));
  return deeds.some((deed) => deed === command || deed.split(' ')[0] === command);
}

export function runnerOf(command: string): string | undefined {
  return SPAN_RUNNERS.find(({ runs }) => runs.test(command))?.test;
}

/** The commands that this test is to run, each once, besides the blocks of its languages. */
export function commandsRunBy(test: string): readonly string[] {
  return [...new Set(INLINE.map(({ command }) => command))].filter((command) => runnerOf(command) === test);
}

/** Lines of a block that a shell would take for commands. */
export function commandLinesOf({ lines }: Block): readonly string[] {
  return lines.filter((line) => PROGRAM.test(line));
}
