import { setTimeout as pause } from 'node:timers/promises';

/** Asks until the claim is true; what it was at the deadline is in the error. Never a way to let time pass. */
export async function eventually(
  claim: () => boolean | Promise<boolean>,
  deadlineMs = 30_000,
): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!(await claim())) {
    if (Date.now() > end) throw new Error(`not true within ${deadlineMs} ms: ${claim}`);
    await pause(25);
  }
}
