import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * How long Sidekiq's own API takes for something, in the Ruby and Sidekiq of this machine: each of as many rounds in one
 * process. Undefined where there is no Ruby.
 */
export async function rubyMs(url: string, deed: string, rounds = 1): Promise<readonly number[] | undefined> {
  const script = `
    require 'sidekiq/api'
    Sidekiq.configure_client { |config| config.redis = { url: ENV.fetch('URL') } }
    ${rounds}.times do
      began = Process.clock_gettime(Process::CLOCK_MONOTONIC)
      ${deed}
      puts Process.clock_gettime(Process::CLOCK_MONOTONIC) - began
    end`;
  const environment = { ...process.env, URL: url };
  const ruby = await run('ruby', ['-e', script], { env: environment }).catch(() => undefined);
  return ruby?.stdout
    .trim()
    .split('\n')
    .map((seconds) => 1000 * Number(seconds));
}
