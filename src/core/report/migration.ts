import { duration } from '../amounts.ts';
import { STAGE_WORDS } from '../migration/stage.ts';
import { CLEAN_FOR_MS, MAX_GAP_MS, type Story } from '../migration/story.ts';
import type { Line } from '../reply/line.ts';
import { at, bold, say } from '../reply/text.ts';

/** "Migration to super_fetch, begun 3 d ago: mixed." Nothing of one that is complete, or was never begun. */
export function migrationLines(story: Story | undefined, nowMs: number): readonly Line[] {
  if (story === undefined || story.completedAtMs !== null) return [];
  const { stage, beganAtMs, lookedAtMs, cleanSinceMs } = story;
  const untilWhen =
    cleanSinceMs === null
      ? []
      : say` It is declared complete if it stays so until ${at(cleanSinceMs + CLEAN_FOR_MS)}.`;
  const unseenMs = nowMs - lookedAtMs;
  const doubt =
    unseenMs <= MAX_GAP_MS ? '' : ` That was seen ${duration(unseenMs)} ago, and not looked at since.`;
  return [
    {
      tone: 'neutral',
      text: say`Migration to super_fetch, begun ${duration(nowMs - beganAtMs)} ago: ${bold(STAGE_WORDS[stage])}.${untilWhen}${doubt}`,
    },
  ];
}
