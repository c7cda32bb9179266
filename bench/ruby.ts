import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { median } from './benchmark.ts';

const run = promisify(execFile);

/**
 * How long Sidekiq's own API takes for something, in the Ruby and Sidekiq of this machine: the middle of as many runs in one
 * process. Undefined where there is no Ruby.
 */
export async function rubyMs(url: string, deed: string, runs = 1): Promise<number | undefined> {
  const script = `
    require 'sidekiq/api'
    Sidekiq.configure_client { |config| config.redis = { url: ENV.fetch('URL') } }
    ${runs}.times do
      began = Process.clock_gettime(Process::CLOCK_MONOTONIC)
      ${deed}
      puts Process.clock_gettime(Process::CLOCK_MONOTONIC) - began
    end`;
  const environment = { ...process.env, URL: url };
  const ruby = await run('ruby', ['-e', script], { env: environment }).catch(() => undefined);
  return ruby && 1000 * median(ruby.stdout.trim().split('\n').map(Number));
}
