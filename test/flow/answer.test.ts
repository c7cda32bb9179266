import { expect, test } from 'vitest';
import type { SidekiqPolicy } from '../../src/core/policy.ts';
import { plainText } from '../../src/core/reply/text.ts';
import { Answering } from '../../src/flow/answer.ts';
import type { Command, ObservedSidekiq } from '../../src/flow/command.ts';
import { RedisUnavailable } from '../../src/ports/reading.ts';
import { NO_RECORDS } from '../no-records.ts';
import { aMember } from '../people.ts';

const ANN = aMember('U0ANN', 'Ann');
const HERE = { id: 'C0PAYROLL', name: 'payroll', isExternal: false, isDirect: false };

function sidekiq(name: string, channels: readonly string[] = []): ObservedSidekiq {
  const policy: SidekiqPolicy = { name, channels, pollMs: 5000, queues: new Map(), classes: new Map() };
  const unused = () => Promise.reject(new Error('not asked'));
  return {
    policy,
    observe: unused,
    countBacklog: unused,
    findClass: unused,
    survey: unused,
    suspicion: unused,
    classFigures: unused,
  };
}

/** Says back which sidekiqs it was given. */
function echo(name: string, sidekiqs: Command['sidekiqs'], run?: Command['run']): Command {
  return {
    name,
    usage: name,
    summary: name,
    words: { max: 1, options: {} },
    sidekiqs,
    run:
      run ??
      (async (_, context) => {
        const headline = [context.sidekiqs.map(({ policy }) => policy.name).join(' ')];
        return { type: 'answer', tone: 'neutral', headline, parts: [], buttons: [], data: null };
      }),
  };
}

const CLOCK = { nowMs: () => 0, steadyMs: () => 0, wait: async () => {} };

async function ask(
  text: string,
  sidekiqs: readonly ObservedSidekiq[],
  given = {},
  commands = [echo('health', 'any'), echo('backlog', 'one')],
) {
  const answering = new Answering(commands, sidekiqs, CLOCK, NO_RECORDS);
  const reply = await answering.ask({ text, asker: ANN, channel: HERE, ...given });
  if (reply.type === 'form') return reply.form;
  return reply.type === 'answer' ? plainText(reply.headline) : reply.code;
}

test('with one sidekiq nobody has to name it', async () => {
  expect(await ask('backlog', [sidekiq('payroll')])).toBe('payroll');
});

test('with several, health speaks of all and backlog asks which', async () => {
  const both = [sidekiq('payroll'), sidekiq('billing')];
  expect(await ask('health', both)).toBe('payroll billing');
  expect(await ask('backlog', both)).toBe('which_sidekiq');
  expect(await ask('backlog on billing', both)).toBe('billing');
  expect(await ask('backlog on Billing', both)).toBe('billing');
  expect(await ask('backlog on biling', both)).toBe('unknown_sidekiq');
});

test('the question which sidekiq carries what was typed', async () => {
  const answering = new Answering(
    [echo('backlog', 'one')],
    [sidekiq('payroll'), sidekiq('billing')],
    CLOCK,
    NO_RECORDS,
  );
  const reply = await answering.ask({ text: 'backlog critical', asker: ANN, channel: HERE });
  expect(reply).toHaveProperty('buttons', [
    { type: 'ask', label: 'payroll', command: 'backlog critical on payroll' },
    { type: 'ask', label: 'billing', command: 'backlog critical on billing' },
  ]);
});

test('a channel hears only of the sidekiqs that name it or name none', async () => {
  const others = [sidekiq('payroll', ['C0PAYROLL']), sidekiq('secret', ['C0SECRET'])];
  expect(await ask('health', others)).toBe('payroll');
  expect(await ask('backlog on secret', others)).toBe('unknown_sidekiq');
  expect(await ask('health', [sidekiq('secret', ['C0SECRET'])])).toBe('wrong_channel');
});

test('guests, bots, outsiders, strangers and external channels learn nothing', async () => {
  const one = [sidekiq('payroll')];
  expect(await ask('health', one, { asker: { ...ANN, isGuest: true } })).toBe('guest');
  expect(await ask('health', one, { asker: { ...ANN, isBot: true } })).toBe('bot');
  expect(await ask('health', one, { asker: { ...ANN, isOutsider: true } })).toBe('outsider');
  expect(await ask('health', one, { asker: undefined })).toBe('person_unknown');
  expect(await ask('health', one, { channel: { ...HERE, isExternal: true } })).toBe('external_channel');
  expect(await ask('help', one, { channel: undefined })).toBe('channel_unknown');
});

test('unknown commands and words are refused with what was expected', async () => {
  expect(await ask('heatlh', [sidekiq('payroll')])).toBe('unknown_command');
  expect(await ask('health a b c', [sidekiq('payroll')])).toBe('words');
});

test('a Redis that can’t be reached is said, and a bug is not hidden', async () => {
  const down = echo('health', 'any', () =>
    Promise.reject(new RedisUnavailable('payroll', 'Redis is gone.', undefined)),
  );
  const bug = echo('health', 'any', () => Promise.reject(new TypeError('bug')));
  expect(await ask('health', [sidekiq('payroll')], {}, [down])).toBe('redis_unavailable');
  await expect(ask('health', [sidekiq('payroll')], {}, [bug])).rejects.toThrow('bug');
});
