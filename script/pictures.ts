import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type Browser, chromium, type Page } from 'playwright-core';

/**
 * Makes the pictures of the documentation from the real sandbox: `node script/pictures.ts`. Each is the page as a person
 * sees it after typing the commands. `node script/pictures.ts FOLDER` makes one of every kind of message, in light and dark, for
 * looking at.
 */
type Scheme = 'light' | 'dark';
type Picture = {
  readonly name: string;
  /** In which of them the documentation shows it. */
  readonly shown: readonly Scheme[];
  /** Each asks as somebody else or elsewhere, so that no answer stands below another's. */
  readonly as: string;
  readonly room?: string;
  readonly height: number;
  /** What a person does once; it is there in both schemes. */
  readonly play: (page: Page) => Promise<void>;
};

const DOCS = 'docs/pictures';
const SCHEMES: readonly Scheme[] = ['light', 'dark'];
const WIDTH = 1440;
/** Runs in the page. */
const TO_ITS_TOP = '(article) => article.scrollIntoView({ block: "start" })';
/** Long enough for rates to be more than a guess: two heartbeats and a crash. Whoever only tries this sets less. */
const WATCHED_MS = Number(process.env['WATCHED_MS'] ?? 75_000);

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

/** What the bot has said by itself, in the order of the channel. */
const find =
  (words: RegExp) =>
  async (page: Page): Promise<void> => {
    await page.locator('article').filter({ hasText: words }).last().waitFor();
  };

/** Shares an answer with the channel, and has it kept current. */
const goLive = async (page: Page): Promise<void> => {
  await say('/sidekiq health')(page);
  await page.getByRole('button', { name: 'Posts this answer to the channel' }).last().click();
  await page.getByRole('button', { name: /live/i }).last().click();
  await page
    .getByText(/Live until/)
    .first()
    .waitFor();
};

/** In this order: Home tells an approver of the proposal that the picture before it has made. */
const PICTURES: readonly Picture[] = [
  {
    name: 'health-incident',
    shown: ['light', 'dark'],
    as: 'U0DANA',
    height: 1330,
    play: say('/sidekiq health'),
  },
  { name: 'suspects-incident', shown: ['light'], as: 'U0CLEO', height: 760, play: say('/sidekiq suspects') },
  { name: 'backlog-incident', shown: ['light'], as: 'U0CLEO', height: 900, play: say('/sidekiq backlog') },
  { name: 'report', shown: ['light'], as: 'U0BEN', height: 960, play: say('/sidekiq report') },
  { name: 'help', shown: [], as: 'U0BEN', height: 1000, play: say('/sidekiq help') },
  { name: 'migrate', shown: [], as: 'U0BEN', height: 1600, play: say('/sidekiq migrate') },
  { name: 'audit', shown: [], as: 'U0BEN', height: 900, play: say('/sidekiq audit') },
  { name: 'alert', shown: [], as: 'U0BEN', room: 'C0ALERTS', height: 900, play: find(/Acknowledge/) },
  { name: 'purge-proposal', shown: ['light'], as: 'U0ANN', height: 1200, play: propose },
  { name: 'actions', shown: [], as: 'U0CLEO', height: 900, play: say('/sidekiq actions') },
  { name: 'home', shown: ['light'], as: 'U0BEN', room: 'home', height: 620, play: nothing },
  { name: 'live', shown: [], as: 'U0CLEO', height: 1330, play: goLive },
];

const [everything] = process.argv.slice(2);
const folder = everything ?? DOCS;
await mkdir(folder, { recursive: true });
await using stack = new AsyncDisposableStack();
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
});
stack.defer(() => browser.close());
await withDemo(async (url) => {
  for (const picture of PICTURES) {
    const schemes = everything === undefined ? picture.shown : SCHEMES;
    if (schemes.length > 0) await take(browser, url, picture, schemes);
  }
});

async function withDemo(work: (url: string) => Promise<void>): Promise<void> {
  const demo = spawn('script/demo', [], {
    env: { ...process.env, SANDBOX_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(demo, 'exit');
  try {
    const url = await addressIn(demo.stdout);
    await new Promise((resolve) => setTimeout(resolve, WATCHED_MS));
    await work(url);
  } finally {
    demo.kill('SIGTERM');
    await ended;
  }
}

/** As the demo says it; it ends when the demo does before that. */
async function addressIn(lines: Readable): Promise<string> {
  for await (const line of createInterface({ input: lines })) {
    const [, url] = /^Sandbox: (\S+)$/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error('the demo ended before it had a page');
}

async function take(
  browser: Browser,
  url: string,
  { name, as, room = 'C0PAYROLL', height, play }: Picture,
  schemes: readonly Scheme[],
): Promise<void> {
  const page = await browser.newPage({ viewport: { width: WIDTH, height } });
  await page.goto(`${url}#${as}/${room}`);
  await page.getByText('Bot connected').waitFor();
  await play(page);
  for (const scheme of schemes) {
    await page.emulateMedia({ colorScheme: scheme });
    // The last answer from its first line on, then nothing moves any more.
    if (room !== 'home') await page.locator('article').last().evaluate(TO_ITS_TOP);
    await page.waitForTimeout(1000);
    await page.screenshot({ path: `${folder}/${name}-${scheme}.png` });
    process.stdout.write(`${folder}/${name}-${scheme}.png\n`);
  }
  await page.close();
}
