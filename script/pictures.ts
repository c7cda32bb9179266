import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { type Browser, chromium, type Page } from 'playwright-core';

/**
 * Makes the pictures of the documentation from the real sandbox: `node script/pictures.ts`. Each is the page as a person
 * sees it after typing the commands.
 */
type Picture = {
  readonly name: string;
  readonly scene: readonly string[];
  readonly scheme: 'light' | 'dark';
  readonly height: number;
  readonly play: (page: Page) => Promise<void>;
};

const PORT = 4747;
const FOLDER = 'docs/pictures';
const WIDTH = 1280;
/** Long enough for rates to be more than a guess: two heartbeats and a crash. */
const WATCHED_MS = 75_000;

const say =
  (...commands: readonly string[]) =>
  async (page: Page): Promise<void> => {
    for (const command of commands) {
      const before = await page.locator('article').count();
      const line = page.getByRole('combobox', { name: /^Message/ });
      await line.fill(command);
      await line.press('Enter');
      await page.locator('article').nth(before).waitFor();
    }
  };

const PICTURES: readonly Picture[] = [
  { name: 'health-incident-light', scene: [], scheme: 'light', height: 1330, play: say('/sidekiq health') },
  { name: 'health-incident-dark', scene: [], scheme: 'dark', height: 1330, play: say('/sidekiq health') },
  {
    name: 'suspects-incident-light',
    scene: [],
    scheme: 'light',
    height: 900,
    play: say('/sidekiq suspects'),
  },
  { name: 'backlog-incident-light', scene: [], scheme: 'light', height: 900, play: say('/sidekiq backlog') },
  {
    name: 'health-quiet-light',
    scene: ['--quiet-night'],
    scheme: 'light',
    height: 800,
    play: say('/sidekiq health'),
  },
];

await mkdir(FOLDER, { recursive: true });
await using stack = new AsyncDisposableStack();
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
});
stack.defer(() => browser.close());
for (const [scene, pictures] of Map.groupBy(PICTURES, ({ scene }) => scene.join(' '))) {
  await withDemo(scene === '' ? [] : scene.split(' '), async (url) => {
    for (const picture of pictures) await take(browser, url, picture);
  });
}

async function withDemo(words: readonly string[], work: (url: string) => Promise<void>): Promise<void> {
  const demo = spawn('script/demo', words, {
    env: { ...process.env, SANDBOX_PORT: String(PORT) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let said = '';
    while (!said.includes('Sandbox: ')) said += String((await once(demo.stdout, 'data'))[0]);
    await new Promise((resolve) => setTimeout(resolve, WATCHED_MS));
    await work(`http://127.0.0.1:${PORT}/`);
  } finally {
    demo.kill('SIGTERM');
    await once(demo, 'exit');
  }
}

async function take(browser: Browser, url: string, { name, scheme, height, play }: Picture): Promise<void> {
  const page = await browser.newPage({ viewport: { width: WIDTH, height }, colorScheme: scheme });
  await page.goto(`${url}#U0ANN/C0PAYROLL`);
  await page.getByText('Bot connected').waitFor();
  await play(page);
  // The last answer whole, then nothing moves any more.
  await page.locator('article').last().scrollIntoViewIfNeeded();
  await page.waitForTimeout(1000);
  await page.screenshot({ path: `${FOLDER}/${name}.png` });
  await page.close();
  process.stdout.write(`${FOLDER}/${name}.png\n`);
}
