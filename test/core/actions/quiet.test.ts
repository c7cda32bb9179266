import { expect, test } from 'vitest';
import { quiet } from '../../../src/core/actions/quiet.ts';
import { plainText } from '../../../src/core/reply/text.ts';
import type { Process } from '../../../src/core/sidekiq/snapshot.ts';
import { aProcess, aSnapshot } from '../../snapshots.ts';

const A = { identity: 'worker-1:1:aaa', hostname: 'worker-1' };
const B = { identity: 'worker-1:1:bbb', hostname: 'worker-1' };
const C = { identity: 'worker-2:1:ccc', hostname: 'worker-2' };

/** The target of the plan, or the code of the refusal. */
function planned(wanted: string, processes: readonly Partial<Process>[]): string {
  const snapshot = aSnapshot({
    processes: processes.map((process) => aProcess(process.identity ?? '', process)),
  });
  const plan = quiet.plan({ process: wanted }, snapshot, 0);
  return 'type' in plan ? plan.code : plan.target;
}

test('a process is meant by its identity, the beginning of it, or its host', () => {
  expect(planned(A.identity, [A, C])).toBe(A.identity);
  expect(planned('worker-2:', [A, C])).toBe(C.identity);
  expect(planned('worker-2', [A, C])).toBe(C.identity);
});

test('what can mean two living processes, or none, is refused', () => {
  expect(planned('worker-1', [A, B])).toBe('several_processes');
  expect(planned('worker', [A, C])).toBe('several_processes');
  expect(planned('worker-3', [A, C])).toBe('no_such_process');
});

test('names of processes that are gone do not stand in the way of the one that lives', () => {
  const gone = { ...A, state: 'silent' as const };
  expect(planned('worker-1', [gone, { ...A, identity: 'worker-1:1:ddd', state: 'dead' }, B])).toBe(
    B.identity,
  );
  expect(planned(A.identity, [gone, B])).toBe('process_silent');
});

test('a process that is quiet already, or embedded, is refused', () => {
  expect(planned('worker-1', [{ ...A, isQuiet: true }])).toBe('quiet_already');
  expect(planned('worker-1', [{ ...A, isEmbedded: true }])).toBe('process_embedded');
});

test('the plan says which queues nobody else would serve, and that there is no way back', () => {
  const processes = [
    aProcess(A.identity, { queues: ['default', 'critical'] }),
    aProcess(C.identity, { queues: ['default'] }),
  ];
  const plan = quiet.plan({ process: 'worker-1' }, aSnapshot({ processes }), 0);
  if ('type' in plan) throw new Error(plan.code);
  expect(plan.sideEffects).toEqual(['No other process serves the queue critical: its jobs will wait.']);
  expect(plan.undo).toContain('can’t be undone');
  expect(plainText(quiet.describe(plan).headline)).toContain(A.identity);
});

function planOf(processes: readonly Process[]) {
  const plan = quiet.plan({ process: A.identity }, aSnapshot({ processes }), 0);
  if ('type' in plan) throw new Error(plan.code);
  return plan;
}

test('the plan is one process, says that it can’t be undone, and which queues nobody else serves', () => {
  const processes = [
    aProcess(A.identity, { ...A, queues: ['default', 'mail'] }),
    aProcess(C.identity, { ...C, queues: ['default'] }),
  ];
  expect(planOf(processes)).toMatchObject({
    places: [{ name: A.identity, count: 1 }],
    cap: 1,
    sideEffects: ['No other process serves the queue mail: its jobs will wait.'],
    undo: expect.stringContaining('can’t be undone'),
    parameters: { process: A.identity },
  });
});

test('that the last other process went away since is a drift, and goes back to the people', () => {
  const [mine, other] = [
    aProcess(A.identity, { ...A, queues: ['mail'] }),
    aProcess(C.identity, { queues: ['mail'] }),
  ];
  const approved = planOf([mine, other]);
  expect(quiet.drift(approved, planOf([mine]))).toEqual([
    'New: No other process serves the queue mail: its jobs will wait.',
  ]);
  expect(quiet.drift(approved, approved)).toBe('same or less');
  expect(plainText(quiet.describe(approved).headline)).toBe(`quiet the process ${A.identity}`);
});
