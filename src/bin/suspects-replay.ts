import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type Prediction, startReplay } from '../core/attribution/replay.ts';

/**
 * `npm run -s suspects:replay -- TRACES_DIR > PREDICTIONS`: reads every `*.jsonl.gz` of a folder through the code of
 * `/sidekiq suspects` and prints a prediction line for each checkpoint. Says what is wrong and exits 1 at a bad file.
 */
const SUFFIX = '.jsonl.gz';

async function main(folder: string | undefined): Promise<void> {
  if (folder === undefined) throw new Error('usage: npm run -s suspects:replay -- TRACES_DIR > PREDICTIONS');
  const files = (await readdir(folder)).filter((name) => name.endsWith(SUFFIX)).sort();
  if (files.length === 0) throw new Error(`${folder} holds no *${SUFFIX}`);
  for (const file of files) {
    for await (const prediction of replayFile(join(folder, file))) {
      process.stdout.write(`${JSON.stringify(prediction)}\n`);
    }
  }
}

async function* replayFile(path: string): AsyncGenerator<Prediction> {
  let replay: ReturnType<typeof startReplay> | undefined;
  let number = 0;
  for await (const line of linesOf(path)) {
    number++;
    if (line.trim() === '') continue;
    try {
      if (replay === undefined) replay = startReplay(line);
      else {
        const prediction = replay(line);
        if (prediction !== undefined) yield prediction;
      }
    } catch (cause) {
      throw new Error(`${path}:${number}: ${messageOf(cause)}`, { cause });
    }
  }
  if (replay === undefined) throw new Error(`${path}: empty`);
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const text = createGunzip();
  const unpacked = pipeline(createReadStream(path), text);
  // A broken archive may end the lines before this is awaited, which is no unhandled rejection.
  unpacked.catch(() => {});
  try {
    yield* createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY });
    await unpacked;
  } catch (cause) {
    throw new Error(`${path}: ${messageOf(cause)}`, { cause });
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

main(process.argv[2]).catch((fault: unknown) => {
  process.stderr.write(`${messageOf(fault)}\n`);
  process.exitCode = 1;
});
