import { expect, test } from 'vitest';
import { eventually } from '../eventually.ts';
import { LEAPING, startNight } from './night.ts';

/** The bot's token is revoked on a quiet night: no sooner than by the next alert would anybody have called Slack. */

test.each(['socket', 'http'] as const)(
  'nobody types (%s): within a minute or so the bot ends as failed and says what to do',
  async (mode) => {
    await using night = await startNight({ mode, env: LEAPING });
    const { sandbox, bot } = night;
    const calledBefore = sandbox.calls.length;
    sandbox.revoke(sandbox.botToken);
    let isOver = false;
    void bot.exited.then(() => {
      isOver = true;
    });
    // A minute and ten seconds pass, unless it ends in between.
    for (let passedMs = 10_000; passedMs <= 70_000 && !isOver; passedMs += 10_000) {
      bot.signal('SIGUSR2');
      await eventually(() => isOver || bot.output().includes(`time has passed: ${passedMs} ms`));
    }
    expect(await bot.exited).toEqual({ code: 1, signal: null });
    expect(bot.output()).toContain(
      'Slack does not let the bot in: token_revoked. Check its tokens and that the app is installed.',
    );
    expect(sandbox.calls.slice(calledBefore).map(({ method }) => method)).toEqual(['auth.test']);
  },
  120_000,
);
