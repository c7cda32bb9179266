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
  /** `light` where nothing is said. */
  readonly scheme?: 'dark';
  /** Each asks as somebody else or elsewhere, so that no answer stands below another's. */
  readonly as: string;
  readonly room?: 'home';
  readonly height: number;
  readonly play: (page: Page) => Promise<void>;
};

const PORT = 4747;
const FOLDER = 'docs/pictures';
const WIDTH = 1440;
/** Runs in the page. */
const TO_ITS_TOP = '(article) => article.scrollIntoView({ block: "start" })';
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

const PURGE = '/sidekiq purge Recurring::DisasterJob --reason "kills every worker it runs in"';

/** Leaves the proposal waiting in the channel. */
const propose = async (page: Page): Promise<void> => {
  const line = page.getByRole('combobox', { name: /^Message/ });
  await line.fill(PURGE);
  await line.press('Enter');
  await page.getByRole('button', { name: 'Approve', exact: true }).waitFor();
};

const nothing = (): Promise<void> => Promise.resolve();

/** In this order: Home tells an approver of the proposal that the picture before it has made. */
const PICTURES: readonly Picture[] = [
  { name: 'health-incident-light', as: 'U0DANA', height: 1330, play: say('/sidekiq health') },
  { name: 'health-incident-dark', scheme: 'dark', as: 'U0BEN', height: 1330, play: say('/sidekiq health') },
  { name: 'suspects-incident-light', as: 'U0CLEO', height: 760, play: say('/sidekiq suspects') },
  { name: 'backlog-incident-light', as: 'U0CLEO', height: 900, play: say('/sidekiq backlog') },
  { name: 'report-light', as: 'U0BEN', height: 960, play: say('/sidekiq report') },
  { name: 'report-dark', scheme: 'dark', as: 'U0BEN', height: 960, play: say('/sidekiq report') },
  { name: 'purge-proposal-light', as: 'U0ANN', height: 1200, play: propose },
  { name: 'home-light', as: 'U0BEN', room: 'home', height: 620, play: nothing },
  { name: 'home-dark', scheme: 'dark', as: 'U0BEN', room: 'home', height: 620, play: nothing },
];

await mkdir(FOLDER, { recursive: true });
await using stack = new AsyncDisposableStack();
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
});
stack.defer(() => browser.close());
await withDemo(async (url) => {
  for (const picture of PICTURES) await take(browser, url, picture);
});

async function withDemo(work: (url: string) => Promise<void>): Promise<void> {
  const demo = spawn('script/demo', [], {
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

async function take(browser: Browser, url: string, picture: Picture): Promise<void> {
  const { name, scheme = 'light', as, room = 'C0PAYROLL', height, play } = picture;
  const page = await browser.newPage({ viewport: { width: WIDTH, height }, colorScheme: scheme });
  await page.goto(`${url}#${as}/${room}`);
  await page.getByText('Bot connected').waitFor();
  await play(page);
  // The last answer from its first line on, then nothing moves any more.
  if (room !== 'home') await page.locator('article').last().evaluate(TO_ITS_TOP);
  await page.waitForTimeout(1000);
  await page.screenshot({ path: `${FOLDER}/${name}.png` });
  await page.close();
  process.stdout.write(`${FOLDER}/${name}.png\n`);
}
