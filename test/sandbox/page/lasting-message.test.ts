import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Form } from '../../../src/core/reply/form.ts';
import { refuse } from '../../../src/core/reply/reply.ts';
import { say } from '../../../src/core/reply/text.ts';
import { startSandbox } from '../../../src/sandbox/sandbox.ts';
import { openSlack } from '../../../src/slack/open.ts';
import { answerOf, CHANNEL, CLOCK, echo, hidden, logInto, startBot } from '../../slack/bot.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  });
});
afterAll(() => browser.close());

const WAITING = answerOf(say`Purge DisasterJob waits for agreement`, {
  tone: 'warning',
  parts: [{ type: 'facts', facts: [{ label: 'Asked by', value: say`${{ person: 'U0ANN' }}` }] }],
  buttons: [
    {
      type: 'act',
      act: 'proposal.approve',
      label: 'Approve',
      value: 'p1',
      style: 'primary',
      confirm: { title: 'Approve this purge?', text: '312 jobs go into the archive.', yes: 'Approve' },
    },
    { type: 'act', act: 'proposal.deny', label: 'Deny', value: 'p1', style: 'danger' },
  ],
});
const WHY: Form = {
  type: 'form',
  form: 'proposal.deny',
  title: 'Deny this purge',
  submit: 'Deny',
  value: 'p1',
  words: [say`Ann is told why.`],
  fields: [
    {
      name: 'reason',
      label: 'Why?',
      hint: 'A sentence',
      input: { type: 'text', isLong: true, maxLength: 500 },
    },
  ],
};

/** The page as Ben sees it, with a proposal in the channel. */
async function proposed(page: Page) {
  const sandbox = await startSandbox();
  const denied: string[] = [];
  const bot = await startBot(
    echo,
    {
      onAct: async ({ act }) =>
        act === 'proposal.deny' ? WHY : refuse('own_proposal', say`It takes two.`, say`Ask another.`),
      onForm: async ({ fields }) => {
        const reason = fields.get('reason') ?? '';
        if (reason.length < 10) return { type: 'errors', errors: new Map([['reason', 'A whole sentence.']]) };
        denied.push(reason);
        return undefined;
      },
    },
    sandbox,
  );
  const settings = { botToken: hidden(sandbox.botToken), apiUrl: sandbox.apiUrl };
  const { chat } = await openSlack({ settings, log: logInto([]), clock: CLOCK });
  const ref = await chat.post(CHANNEL, WAITING);
  await page.goto(`${sandbox.url}#U0BEN/${CHANNEL}`);
  await page.getByRole('article').getByText('Purge DisasterJob waits').waitFor();
  return { bot, chat, ref, denied, [Symbol.asyncDispose]: () => bot[Symbol.asyncDispose]() };
}

test('a proposal is pressed after a second thought, denied with a reason, edited, and told in its thread', async () => {
  await using context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await using proposal = await proposed(page);

  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  const second = page.getByRole('dialog', { name: 'Approve this purge?' });
  await second.getByText('312 jobs go into the archive.').waitFor();
  await second.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('article').getByText('It takes two.').waitFor();

  await page.getByRole('button', { name: 'Deny', exact: true }).click();
  const window = page.getByRole('dialog', { name: 'Deny this purge' });
  await window.getByRole('textbox', { name: 'Why?' }).fill('no');
  await window.getByRole('button', { name: 'Deny' }).click();
  await window.getByText('A whole sentence.').waitFor();
  expect(await window.getByRole('textbox').inputValue()).toBe('no');
  await window.getByRole('textbox').fill('The fix is out, they will pass.');
  await window.getByRole('button', { name: 'Deny' }).click();
  await window.waitFor({ state: 'detached' });
  expect(proposal.denied).toEqual(['The fix is out, they will pass.']);

  await proposal.chat.update(proposal.ref, answerOf(say`Purge DisasterJob was denied`, { tone: 'bad' }));
  await page.getByRole('article').getByText('Purge DisasterJob was denied').waitFor();
  expect(await page.getByRole('button', { name: 'Approve', exact: true }).count()).toBe(0);
  await proposal.chat.post(CHANNEL, answerOf(say`Ben says no`), proposal.ref);
  await page.getByRole('button', { name: '1 reply' }).click();
  await page
    .getByRole('complementary', { name: 'Thread' })
    .getByRole('article')
    .getByText('Ben says no')
    .waitFor();
});
