import { expect, test } from 'vitest';
import { assess } from '../../../src/core/health/assess.ts';
import { type HomeFacts, homeOf } from '../../../src/core/home/home.ts';
import { checkView } from '../../../src/sandbox/validate/view.ts';
import { renderHome } from '../../../src/slack/render/home.ts';
import { PLAN, proposed, START_MS } from '../../core/approval/cast.ts';
import { aPolicy, aQueue, aSnapshot } from '../../snapshots.ts';

const LONG = `Recurring::${'VeryLongModuleName::'.repeat(7)}`.slice(0, 150);

function crowded(sidekiqs: number): HomeFacts {
  const queues = Array.from({ length: 200 }, (_, n) =>
    aQueue(`${LONG}<&>${n}`, { size: 1000 + n, latencyMs: 3_600_000 + n }),
  );
  const night = {
    type: 'line',
    title: LONG,
    xLabel: '',
    yLabel: '',
    categories: ['22', '23'],
    series: [{ name: LONG, values: [1, 2] }],
  } as const;
  const proposal = { ...proposed(), plan: { ...PLAN, target: LONG.repeat(3), jobClass: LONG } };
  return {
    nowMs: START_MS,
    sidekiqs: Array.from({ length: sidekiqs }, (_, n) => ({
      glance: {
        type: 'read',
        sidekiq: `sidekiq-${n}`,
        health: assess(aSnapshot({ queues }), [], aPolicy({ name: `sidekiq-${n}` })),
      },
      night,
    })),
    duties: (['decide', 'own', 'running'] as const).flatMap((duty) =>
      Array.from({ length: 40 }, () => ({ duty, proposal })),
    ),
    mutes: Array.from({ length: 40 }, (_, n) => ({
      sidekiq: `sidekiq-${n}`,
      key: `likely class ${LONG}`,
      mute: { untilMs: START_MS, by: 'U0ANN' },
      digestId: `likely class ${LONG}@1`,
    })),
    debts: Array.from({ length: 40 }, (_, n) => ({
      actionId: `a${n}`,
      sidekiq: 'sidekiq-1',
      jobClass: LONG,
      archived: 1_000_006,
      restored: 0,
      uncertain: 5,
      writtenOff: 1,
      owed: 1_000_000,
      firstAtMs: START_MS - 1e9,
      lastAtMs: START_MS,
      expiresAtMs: undefined,
      owner: '@payroll-platform',
    })),
    unknowns: ['My store could not be read.'],
  };
}

test.each([0, 1, 10, 100])('Home stays within Slack’s limits with %i crowded sidekiqs', (sidekiqs) => {
  const view = { type: 'home', blocks: renderHome(homeOf(crowded(sidekiqs))) };
  expect(checkView(view, 'home')).toEqual({ ok: true, view });
});

test('Home with nothing in it says so', () => {
  const facts = { nowMs: START_MS, sidekiqs: [], duties: [], mutes: [], debts: [], unknowns: [] };
  const words = JSON.stringify(renderHome(homeOf(facts)));
  expect(words).toContain('asked about in channels that you are not in');
  expect(words).toContain('Nothing waits for you, nothing is being carried out, no alert is muted.');
});
