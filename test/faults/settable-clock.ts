import { existsSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The machine's clock as one process sees it: a test sets it while the process runs. Time itself goes at its own pace. */
export type SettableClock = {
  /** For the process that is to see it. */
  readonly env: Record<string, string>;
  /** By so much it is wrong from now on. */
  set(byS: number): Promise<void>;
};

/** By libfaketime: also what is no JavaScript in the process, such as SQLite, sees it. */
export async function makeSettableClock(folder: string): Promise<SettableClock> {
  const file = join(folder, 'clock');
  const set = (byS: number) => writeFile(file, `${byS < 0 ? '' : '+'}${byS}`);
  await set(0);
  return {
    env: {
      LD_PRELOAD: library(),
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      // Nobody can set the monotonic clock.
      DONT_FAKE_MONOTONIC: '1',
    },
    set,
  };
}

function library(): string {
  const found = readdirSync('/usr/lib')
    .map((name) => `/usr/lib/${name}/faketime/libfaketime.so.1`)
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error('libfaketime is not installed: script/install-tools faketime');
  return found;
}
