import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { COMMANDS } from '../../commands/index.ts';
import { createSelector, isSelected } from '../../src/core/actions/purge-selector.ts';
import { parseRecord } from '../../src/core/audit/record.ts';
import { parseRedisAddress } from '../../src/core/redis-address.ts';
import { readRedisState } from '../../src/core/redis-state.ts';
import { createClassReader } from '../../src/core/sidekiq/class-reader.ts';
import { readListName } from '../../src/core/sidekiq/fetch/index.ts';
import { glimpse } from '../../src/core/sidekiq/glimpse.ts';
import { parseIdentity } from '../../src/core/sidekiq/identity.ts';
import { readJob } from '../../src/core/sidekiq/job.ts';
import { Page } from '../../src/core/sidekiq/page.ts';
import { readProcess } from '../../src/core/sidekiq/process.ts';
import { readWork } from '../../src/core/sidekiq/work.ts';
import { parseCommandText, parseWords, refuseUnknownCommand } from '../../src/core/words.ts';
import { heardIn } from '../../src/slack/heard.ts';
import { typedText } from '../../src/slack/typed.ts';

/**
 * Every parser of what others write, and what must hold of it whatever it is given. Cases are lines of the corpus, one after
 * another with bytes cut, changed and put in, and plain nonsense; a line that once broke something stays in the corpus.
 */
export type Target = {
  readonly name: string;
  readonly cases: fc.Arbitrary<string>;
  /** Throws when it does not hold. */
  readonly hold: (text: string) => void;
};

function corpus(name: string): readonly string[] {
  const text = readFileSync(new URL(`./corpus/${name}.txt`, import.meta.url), 'utf8');
  return text.split('\n').filter((line) => line !== '');
}

const piece = fc.oneof(
  fc.constantFrom(
    ...'{}[]":,\\|_-–—\'“”‘’<>&*`~!@#$%^()=+;./? \t\r\n\0',
    '\u202e',
    '\ud800',
    '��',
    '__proto__',
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
);

const change = fc.record({
  at: fc.nat(),
  drop: fc.nat({ max: 12 }),
  put: piece,
  copies: fc.constantFrom(1, 1, 1, 60),
});

function mutated(lines: readonly string[]): fc.Arbitrary<string> {
  const line = fc.constantFrom(...lines);
  const changed = fc.tuple(line, fc.array(change, { maxLength: 5 })).map(([text, changes]) =>
    changes.reduce((now, { at, drop, put, copies }) => {
      const from = now.length === 0 ? 0 : at % now.length;
      return now.slice(0, from) + put.repeat(copies) + now.slice(from + drop);
    }, text),
  );
  const spliced = fc
    .tuple(line, line, fc.nat(), fc.nat())
    .map(([one, other, a, b]) => one.slice(0, a % (one.length + 1)) + other.slice(b % (other.length + 1)));
  return fc.oneof(
    { weight: 5, arbitrary: changed },
    { weight: 2, arbitrary: spliced },
    fc.string({ unit: 'binary', maxLength: 400 }),
  );
}

const claim = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what);
};

const QUEUES = new Set(['default', 'a_b', 'mailers']);
const payloads = corpus('payload');

export const TARGETS: readonly Target[] = [
  {
    name: 'command text',
    cases: mutated(corpus('command-text')),
    hold: (text) => {
      const parsed = parseCommandText(typedText(text));
      if ('type' in parsed) return claim(parsed.type === 'refusal', 'neither read nor refused');
      const command = COMMANDS.find(({ name }) => name === parsed.name);
      if (command === undefined)
        return void refuseUnknownCommand(
          parsed.name,
          COMMANDS.map(({ name }) => name),
        );
      parseWords(parsed.tokens, command, ['payroll', 'billing']);
    },
  },
  {
    name: 'payload of a job',
    cases: mutated(payloads),
    hold: (text) => {
      const raw = Buffer.from(text, text.length % 2 === 0 ? 'utf8' : 'latin1');
      readJob(raw);
      glimpse(raw);
      const place = { kind: 'queue', queue: 'default' } as const;
      const meant = { jobClass: 'HardJob', queues: [], cutOffMs: Date.UTC(2100, 0) };
      const page = createSelector(meant)(Page.of([raw, Buffer.from(payloads[0] ?? '')]), place);
      claim(page[0] === isSelected(raw, meant, place), 'selected by its bytes, and not by the parser');
      const classes = createClassReader()([raw, Buffer.from(payloads[0] ?? ''), raw]);
      claim(classes.length === 3, 'a class for each job');
      claim(classes[0] === classes[2], 'the same bytes, another class');
      claim(classes[1] === 'HardJob', 'a neighbour changes what a job is');
      readWork(
        'w:1:0123456789ab',
        'tid',
        Buffer.from(`{"queue":"default","payload":${text},"run_at":1}`),
        1_000_000,
      );
    },
  },
  {
    name: 'name of a private list',
    cases: mutated(corpus('private-list')),
    hold: (key) => {
      const name = readListName({ key, payloadQueues: ['default'], queueNames: QUEUES });
      claim(name.key === key, 'another list');
      parseIdentity(key);
    },
  },
  {
    name: 'body of a delivery',
    cases: mutated(corpus('slack-body')),
    hold: (text) => {
      let body: unknown;
      try {
        body = JSON.parse(text);
      } catch {
        // Bolt answers these before us.
        return;
      }
      // Neither Bolt nor what stands before it lets through what is no object.
      if (typeof body !== 'object' || body === null || Array.isArray(body)) return;
      const heard = heardIn(body);
      claim(typeof heard.userId === 'string' && typeof heard.typed === 'string', 'half a delivery');
    },
  },
  {
    name: 'what Redis and its processes say of themselves',
    cases: mutated([
      'redis_version:7.2.4\r\nused_memory:1\r\nmaxmemory:0\r\nrole:master',
      '{"hostname":"w","pid":1,"queues":["a"],"concurrency":5}',
    ]),
    hold: (text) => {
      readRedisState({ info: text, pingMs: 1, stopsWritesOnFailedSave: undefined });
      const fields = new Map([
        ['info', text],
        ['beat', text],
        ['busy', text],
        ['rss', text],
      ]);
      readProcess({
        identity: text,
        fields,
        ttlMs: 1,
        nowMs: 1,
        workKey: 'work',
        isWorkPayloadObject: false,
      });
    },
  },
  {
    name: 'addresses and records',
    cases: mutated([
      'rediss://user:p%40ss@host:6379/0?ca=/x',
      'redis+sentinel://a:1,b:2/master/0',
      '{"number":1,"hash":"x"}',
    ]),
    hold: (text) => {
      parseRedisAddress(text);
      parseRecord(text);
    },
  },
];
