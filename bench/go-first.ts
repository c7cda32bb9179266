import { execFileSync } from 'node:child_process';
import { constants, setPriority } from 'node:os';

/**
 * Redis and the workers have machines of their own, and what holds them up must not be that this one ran us instead: from now
 * on all threads of this process go before ours. With merely the highest niceness the kernel still takes the processor away
 * for whole ticks: an HMGET of two fields then shows as 6 ms. Where we may not say so, the figures in milliseconds tell of the
 * machine as well.
 */
export function goFirst(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    execFileSync('chrt', ['--all-tasks', '--fifo', '--pid', '10', String(pid)], { stdio: 'ignore' });
  } catch {
    console.error('  no real-time priority is given here: milliseconds are those of a shared processor');
    tryNicely(pid);
  }
}

function tryNicely(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_HIGHEST);
  } catch {
    // Then without; it has been said.
  }
}
