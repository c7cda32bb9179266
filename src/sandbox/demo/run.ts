import { SCENES, type SceneName } from './scene.ts';
import { startStage } from './stage.ts';

const DEFAULT_PORT = 3999;

function sceneNamed(words: readonly string[]): SceneName {
  if (words.includes('--real')) return 'real';
  return words.includes('--quiet-night') ? 'quiet-night' : 'incident';
}

function portFrom(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return DEFAULT_PORT;
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined;
}

/** What the demo is started with; `botProgram` is the file that Node runs as the bot. */
export type DemoOptions = {
  readonly words: readonly string[];
  readonly sandboxPort: string | undefined;
  readonly botProgram: string;
};

/** Shows a scene until Ctrl-C or SIGTERM, leaves nothing behind, and gives the exit code. */
export async function runDemo({ words, sandboxPort, botProgram }: DemoOptions): Promise<number> {
  const port = portFrom(sandboxPort);
  if (port === undefined) {
    console.error(`SANDBOX_PORT must be a port from 0 (any free one) to 65535, not ${sandboxPort}.`);
    return 2;
  }
  const ending = new AbortController();
  const stopped = new Promise<void>((resolve) => {
    const stop = (): void => {
      // The second time somebody means it: the guards beside our processes clean up after us.
      if (ending.signal.aborted) process.exit(130);
      ending.abort();
      resolve();
    };
    process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
  });
  const stack = new AsyncDisposableStack();
  const scene = SCENES[sceneNamed(words)];
  try {
    const say = console.error;
    const stage = await startStage({ scene, port, say, stack, botProgram, signal: ending.signal });
    console.log(`Sandbox: ${stage.url}`);
    console.error(`${scene.story}\nTry /sidekiq health. Ctrl-C ends everything.`);
    await Promise.race([stopped, stage.over]);
    return 0;
  } catch (error) {
    if (ending.signal.aborted) return 0;
    console.error(sentenceFor(error, port));
    return 1;
  } finally {
    await stack.disposeAsync();
  }
}

function sentenceFor(error: unknown, port: number): string {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return `Port ${port} is taken, perhaps by another demo. Choose another: SANDBOX_PORT=4000 script/demo`;
  }
  return `The demo ended: ${error instanceof Error ? error.message : String(error)}`;
}
