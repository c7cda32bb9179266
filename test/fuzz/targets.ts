import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { COMMANDS } from '../../commands/index.ts';
import { createSelector, isSelected } from '../../src/core/actions/purge-selector.ts';
import { parseAlertValue } from '../../src/core/alerts/message.ts';
import { parseValue } from '../../src/core/approval/press.ts';
import { encodeProposal, parseProposal } from '../../src/core/approval/proposal.ts';
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
import { type Value, ValueReader } from '../../src/redis/resp.ts';
import { ACT_ACTION_ID, ASK_ACTION_ID, FORM_CALLBACK_ID } from '../../src/slack/action-ids.ts';
import { heardIn } from '../../src/slack/heard.ts';
import { readFormContext } from '../../src/slack/show-form.ts';
import { submissionIn } from '../../src/slack/submission.ts';
import { typedText } from '../../src/slack/typed.ts';
import { proposed } from '../core/approval/cast.ts';
import { corpus, mutated, mutatedJson } from './cases.ts';

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

const claim = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what);
};

const QUEUES = new Set(['default', 'a_b', 'mailers']);
const PROCESS = '{"hostname":"w","pid":1,"queues":["a"],"concurrency":5}';
const payloads = corpus('payload');
const bodies = corpus('slack-body');
const submissions = corpus('submission');

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Undefined for what Bolt, or what stands before it, answers before us: what is no JSON, or no object. */
function deliveryIn(text: string): object | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** Whole replies of every kind, and the beginnings of some. */
const replies = fc
  .array(
    fc.constantFrom(
      '+OK\r\n',
      '-ERR no\r\n',
      ':12\r\n',
      ':-1\r\n',
      '$3\r\nabc\r\n',
      '$0\r\n\r\n',
      '$-1\r\n',
      '*-1\r\n',
      '*0\r\n',
      '*2\r\n',
      '*3\r\n$1\r\na\r\n$2\r\n\r\n\r\n',
      '*1\r\n*1\r\n',
      '*2\r\n$1\r\na\r\n:1\r\n',
      '$99999999\r\n',
    ),
    { maxLength: 12 },
  )
  .map((all) => all.join(''));

const carried = [
  `k7q2mp/${'9f86d081884c7d65'.repeat(4)}`,
  'payroll 1700000000000-1',
  'act:proposal.approve:0',
  'form:proposal.deny',
  '{"answer":"a1","command":"health"}',
  '{"channelId":"C1","responseUrl":"https://hooks.slack.com/x","value":"p1/abc"}',
  encodeProposal(proposed()),
];

/** Undefined where it is said to be no RESP. */
function valuesIn(pieces: readonly Buffer[]): readonly Value[] | undefined {
  const reader = new ValueReader();
  try {
    return pieces
      .flatMap((each) => reader.push(Buffer.from(each)))
      .map((value) => (value instanceof Page ? value.payloads() : value));
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

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
    cases: fc.oneof(mutated(payloads), mutatedJson(payloads.filter(isJson))),
    hold: (text) => {
      const raw = Buffer.from(text, text.length % 2 === 0 ? 'utf8' : 'latin1');
      readJob(raw);
      glimpse(raw);
      const place = { kind: 'queue', queue: 'default' } as const;
      const meant = { jobClass: 'HardJob', queues: [], cutOffMs: Date.UTC(2100, 0) };
      const page = createSelector(meant)(Page.of([raw, Buffer.from(payloads[0] ?? '')]), place);
      claim(page[0] === isSelected(raw, meant, place), 'selected by its bytes, and not by the parser');
      const classes = createClassReader()(Page.of([raw, Buffer.from(payloads[0] ?? ''), raw]));
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
    cases: fc.oneof(mutated(bodies), {
      weight: 3,
      arbitrary: mutatedJson(bodies.filter((line) => line.startsWith('{'))),
    }),
    hold: (text) => {
      const body = deliveryIn(text);
      if (body === undefined) return;
      const heard = heardIn(body);
      claim(typeof heard.userId === 'string' && typeof heard.typed === 'string', 'half a delivery');
    },
  },
  {
    name: 'window that is sent off',
    cases: fc.oneof(mutated(submissions), { weight: 3, arbitrary: mutatedJson(submissions) }),
    hold: (text) => {
      const body = deliveryIn(text);
      if (body === undefined) return;
      const submission = submissionIn(body);
      if (submission === undefined) return;
      const { form, from, fields, inputs } = submission;
      claim(form !== '' && from.userId !== '', 'sent off by nobody, or no window');
      const typed = JSON.stringify(body);
      for (const word of [...fields.keys(), ...fields.values(), ...inputs])
        claim(typed.includes(JSON.stringify(word)), 'a word that nobody typed');
      claim(![...fields.values()].includes(''), 'a field that was left empty');
    },
  },
  {
    name: 'what Redis and its processes say of themselves',
    cases: fc.oneof(
      mutatedJson([PROCESS]),
      mutated(['redis_version:7.2.4\r\nused_memory:1\r\nmaxmemory:0\r\nrole:master', PROCESS]),
    ),
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
  {
    name: 'replies of Redis',
    cases: mutated(replies),
    hold: (text) => {
      const bytes = Buffer.from(text, 'latin1');
      const cuts = [bytes.length % 7, bytes.length % 13].toSorted((a, b) => a - b);
      const pieces = [0, ...cuts].map((from, nth) => bytes.subarray(from, cuts[nth] ?? bytes.length));
      claim(isDeepStrictEqual(valuesIn([bytes]), valuesIn(pieces)), 'cut into pieces it is something else');
    },
  },
  {
    name: 'what a button, a window and a row of the store carry',
    cases: fc.oneof(mutated(carried), mutatedJson(carried.filter(isJson))),
    hold: (text) => {
      const proposal = parseValue(text);
      claim(proposal === undefined || `${proposal.id}/${proposal.fingerprint}` === text, 'another proposal');
      const alert = parseAlertValue(text);
      claim(alert === undefined || `${alert.sidekiq} ${alert.digestId}` === text, 'another alert');
      const context = readFormContext(text);
      claim(context === undefined || typeof context.value === 'string', 'half a window');
      for (const id of [ACT_ACTION_ID, ASK_ACTION_ID, FORM_CALLBACK_ID]) id.exec(text);
      const stored = parseProposal(text);
      claim(stored === undefined || encodeProposal(stored) === text, 'another text for the same proposal');
    },
  },
];
