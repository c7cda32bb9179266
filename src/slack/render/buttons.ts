import type { types } from '@slack/bolt';
import type { ActButton, Button } from '../../core/reply/reply.ts';
import { ACTION_IDS, actActionId, askActionId, type ShareValue } from '../action-ids.ts';
import { cutPlain, type Drawn, LIMITS } from '../limits.ts';
import { harmless } from './mrkdwn.ts';

/**
 * What to press next. `share` is what a Share button carries; without it (an answer that is shared already) only those
 * buttons are drawn that answer to who presses them alone.
 */
export function buttons(wanted: readonly Button[], share: ShareValue | undefined): readonly Drawn[] {
  const elements = onceEach(wanted)
    .flatMap((button, nth) => element(button, nth, share))
    // A value that was cut would run another command.
    .filter(({ value }) => value !== undefined && value.length <= LIMITS.buttonValue)
    .slice(0, LIMITS.actions);
  return elements.length === 0 ? [] : [{ type: 'actions', elements }];
}

/** Two elements of one name could not be told apart when pressed. */
function onceEach(wanted: readonly Button[]): readonly Button[] {
  return wanted.filter(
    ({ type }, at) =>
      type === 'ask' || type === 'act' || wanted.findIndex((other) => other.type === type) === at,
  );
}

function element(button: Button, nth: number, share: ShareValue | undefined): readonly types.Button[] {
  switch (button.type) {
    case 'ask':
      return [drawn(askActionId(nth), button.label, button.command, `Runs /sidekiq ${button.command}`)];
    case 'refresh':
      if (share === undefined) return [];
      return [drawn(ACTION_IDS.refresh, 'Refresh', button.command, 'Runs it again and replaces this answer')];
    case 'share':
      if (share === undefined) return [];
      return [drawn(ACTION_IDS.share, 'Share', JSON.stringify(share), 'Posts this answer to the channel')];
    case 'act':
      if (share !== undefined && button.isForChannel === true) return [];
      return [drawnAct(button, nth)];
    default:
      return button satisfies never;
  }
}

function drawnAct({ act, label, value, style, confirm }: ActButton, nth: number): types.Button {
  const text = (words: string, limit: number) =>
    ({ type: 'plain_text', text: cutPlain(harmless(words), limit), emoji: false }) as const;
  return {
    ...drawn(actActionId(act, nth), label, value, label),
    ...(style === undefined ? {} : { style }),
    ...(confirm === undefined
      ? {}
      : {
          confirm: {
            title: text(confirm.title, LIMITS.confirmTitle),
            text: text(confirm.text, LIMITS.confirmText),
            confirm: text(confirm.yes, LIMITS.confirmButton),
            deny: text('Go back', LIMITS.confirmButton),
            ...(style === undefined ? {} : { style }),
          },
        }),
  };
}

function drawn(actionId: string, label: string, value: string, description: string): types.Button {
  const text = harmless(label).replaceAll('\n', ' ').trim();
  return {
    type: 'button',
    action_id: actionId,
    text: { type: 'plain_text', text: text === '' ? '…' : cutPlain(text, LIMITS.buttonText), emoji: false },
    value,
    accessibility_label: cutPlain(harmless(description), LIMITS.accessibilityLabel),
  };
}
