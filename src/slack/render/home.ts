import type { Home, HomeSection } from '../../core/home/home.ts';
import type { Refusal } from '../../core/reply/reply.ts';
import { ACTION_IDS } from '../action-ids.ts';
import { type Drawn, LIMITS } from '../limits.ts';
import { buttons } from './buttons.ts';
import { mrkdwn } from './mrkdwn.ts';
import { drawPart } from './part.ts';
import { CIRCLES, context, section } from './parts.ts';

/** Home as Slack shows it, never above its limits. */
export function renderHome(home: Home | Refusal): readonly Drawn[] {
  if (home.type === 'refusal') {
    return [
      ...section(`ℹ️ ${mrkdwn(home.reason, LIMITS.section - 3)}`),
      ...section(mrkdwn(home.remedy, LIMITS.section)),
      REFRESH,
    ];
  }
  const head = [...section(`${CIRCLES[home.tone]} ${mrkdwn(home.headline, LIMITS.section - 3)}`), REFRESH];
  const body: Drawn[] = [];
  for (const [at, drawn] of home.sections.map(drawSection).entries()) {
    // One more for the line that says what was left out.
    if (head.length + body.length + drawn.length + 1 > LIMITS.homeBlocks) {
      const left = home.sections.length - at;
      body.push(
        ...context(`Left out, because Home takes no more: ${left} ${left === 1 ? 'part' : 'parts'}.`),
      );
      break;
    }
    body.push(...drawn);
  }
  return [...head, ...body];
}

function drawSection({ parts, buttons: wanted }: HomeSection): readonly Drawn[] {
  const drawn: Drawn[] = [];
  for (const part of parts)
    drawn.push(...(drawPart(part, drawn, LIMITS.allBlocks, { hasCharts: false }) ?? []));
  return [...drawn, ...buttons(wanted, undefined)];
}

const REFRESH: Drawn = {
  type: 'actions',
  elements: [
    {
      type: 'button',
      action_id: ACTION_IDS.refreshHome,
      text: { type: 'plain_text', text: 'Refresh', emoji: false },
      value: 'home',
      accessibility_label: 'Draws Home anew',
    },
  ],
};
