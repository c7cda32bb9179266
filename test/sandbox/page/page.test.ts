import type { App } from '@slack/bolt';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox.ts';
import { startApp } from '../bolt-app.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  });
});

afterAll(async () => {
  await browser.close();
});

/** Opens the page as a person would, and keeps what the browser complains about (a forbidden style, a failed script). */
async function open(sandbox: Sandbox, place = '') {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(sandbox.url + place);
  await page.getByText('Bot connected').waitFor();
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
}

async function say(page: Page, text: string): Promise<void> {
  const line = page.getByRole('combobox', { name: /^Message/ });
  await line.fill(text);
  await line.press('Enter');
}

const plain = (text: string) => ({ type: 'plain_text' as const, text });

/** A proposal that Ben may approve, as the bot will post one. */
function listenForPurge(app: App): void {
  app.command('/sidekiq', async ({ ack, command, client }) => {
    await ack();
    await client.chat.postMessage({
      channel: command.channel_id,
      text: 'Ann asks to purge',
      blocks: [
        { type: 'section', text: { type: 'mrkdwn', text: '*Purge* `<b>Job</b>`, asked by <@U0ANN>' } },
        {
          type: 'actions',
          elements: [
            {
              type: 'button',
              text: plain('Approve'),
              action_id: 'approve',
              style: 'primary',
              confirm: {
                title: plain('Approve this?'),
                text: plain('Jobs will go.'),
                confirm: plain('Yes'),
                deny: plain('No'),
              },
            },
          ],
        },
      ],
    });
  });
  app.action('approve', async ({ ack, body, respond }) => {
    await ack();
    await respond({ replace_original: true, text: `Approved by <@${body.user.id}>` });
  });
}

test('a command is typed, its answer is read, and another person presses the button after a second thought', async () => {
  await using sandbox = await startSandbox({ story: 'A test' });
  await using _app = await startApp(sandbox, listenForPurge);
  await using opened = await open(sandbox);
  const { page, complaints } = opened;
  await say(page, '/sidekiq purge');
  await page.locator('code', { hasText: '<b>Job</b>' }).waitFor();
  await page.getByText('@Ann').waitFor();
  await page.getByRole('button', { name: /^Ben/ }).click();
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await page.getByRole('button', { name: 'No', exact: true }).click();
  expect(sandbox.deliveries.filter(({ kind }) => kind === 'interactive')).toEqual([]);
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await page.getByRole('button', { name: 'Yes', exact: true }).click();
  await page.getByText('Approved by @Ben').waitFor();
  await page.getByRole('button', { name: 'Approve', exact: true }).waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
});

test('what is said to one person is not shown when another looks', async () => {
  await using sandbox = await startSandbox();
  await using _app = await startApp(sandbox, (app) => {
    app.command('/sidekiq', async ({ ack, respond }) => {
      await ack();
      await respond('Between us');
    });
  });
  await using opened = await open(sandbox, '#U0ANN/C0PAYROLL');
  await say(opened.page, '/sidekiq health');
  await opened.page.getByText('Between us', { exact: true }).first().waitFor();
  await opened.page.getByText('Only visible to you').waitFor();
  await opened.page.getByRole('button', { name: /^Ben/ }).click();
  await opened.page.getByRole('article', { name: /^Poison Control/ }).waitFor({ state: 'detached' });
});

test('a modal keeps what was typed while the bot says what is wrong with it', async () => {
  await using sandbox = await startSandbox();
  await using _app = await startApp(sandbox, (app) => {
    app.command('/sidekiq', async ({ ack, command, client }) => {
      await ack();
      await client.views.open({
        trigger_id: command.trigger_id,
        view: {
          type: 'modal',
          callback_id: 'purge',
          title: plain('Purge'),
          submit: plain('Propose'),
          blocks: [
            {
              type: 'input',
              block_id: 'class',
              label: plain('Job class'),
              element: { type: 'plain_text_input', action_id: 'name' },
            },
          ],
        },
      });
    });
    app.view('purge', async ({ ack, view }) => {
      if (view.state.values['class']?.['name']?.value === 'Right') await ack();
      else await ack({ response_action: 'errors', errors: { class: 'No such class.' } });
    });
  });
  await using opened = await open(sandbox);
  const { page, complaints } = opened;
  await say(page, '/sidekiq purge');
  const dialog = page.getByRole('dialog', { name: 'Purge' });
  const propose = dialog.getByRole('button', { name: 'Propose' });
  await propose.click();
  await dialog.getByText('Fill this in.').waitFor();
  expect(sandbox.deliveries.filter(({ kind }) => kind === 'interactive')).toEqual([]);
  await dialog.getByRole('textbox', { name: 'Job class' }).fill('Wrong');
  await propose.click();
  await dialog.getByText('No such class.').waitFor();
  expect(await dialog.getByRole('textbox', { name: 'Job class' }).inputValue()).toBe('Wrong');
  await dialog.getByRole('textbox', { name: 'Job class' }).fill('Right');
  await propose.click();
  await dialog.waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
});

test('the page says when the bot is away, and when an address names nobody it shows somebody', async () => {
  await using sandbox = await startSandbox();
  const app = await startApp(sandbox, () => undefined);
  await using opened = await open(sandbox, '#U0NOBODY/C0AUDIT');
  await opened.page.getByRole('tab', { name: '#audit', selected: true }).waitFor();
  expect(opened.page.url()).toContain('#U0ANN/C0AUDIT');
  await app[Symbol.asyncDispose]();
  await opened.page.getByText('Bot away').waitFor();
});
