import { counted, short } from '../amounts.ts';
import { usuallyPhrase } from '../history/phrases.ts';
import { bold, say, type Text } from '../reply/text.ts';
import { clockTime } from './night.ts';
import type { Report } from './report.ts';
import { isWhole, unseenSentence } from './seen.ts';

/** Did the night finish? With what waited at most, what waits now, and when nobody looked. */
export function headlineOf({ morning, seen, finish, usualNow }: Report): Text {
  const { policy, night, now } = morning;
  const usually = usualNow === undefined ? '' : `, ${usuallyPhrase(usualNow)}`;
  const clock = (atMs: number): string => clockTime(atMs, night.calendar);
  const waits = 'health' in now ? ` Now ${short(now.health.waiting.jobs)} wait${usually}.` : '';
  const whole = isWhole(seen);
  const [sight, inSight] = whole ? ['', ''] : [` ${unseenSentence(seen, night.calendar)}`, ' in what I saw'];
  const peak = (most: number, atMs: number): string =>
    ` At most ${short(most)} jobs waited${inSight}, at ${clock(atMs)}.`;
  switch (finish.type) {
    case 'unseen':
      return say`${bold(`${policy.name}: I did not see the night.`)} I have no figures since ${clock(night.range.fromMs)}.${waits}`;
    case 'unknown':
      return say`${bold(`${policy.name}: whether the night has finished, I can’t say.`)}${sight}${peak(finish.most, finish.mostAtMs)}`;
    case 'quiet': {
      const verdict = whole ? 'a quiet night.' : 'I saw only a part of the night.';
      return say`${bold(`${policy.name}: ${verdict}`)}${sight} At most ${counted(finish.most, 'job')} waited${inSight}.${waits}`;
    }
    case 'idle':
      return say`${bold(`${policy.name}: less work than usual this night${whole ? '' : ', as far as I saw'}.`)}${sight} At most ${counted(finish.most, 'job')} waited${inSight}.${waits}`;
    case 'finished': {
      const verdict =
        finish.atMs === undefined
          ? 'the night has finished; when, I can’t say.'
          : `the night finished at ${clock(finish.atMs)}${whole ? '' : ', as far as I saw'}.`;
      return say`${bold(`${policy.name}: ${verdict}`)}${sight}${peak(finish.most, finish.mostAtMs)}${waits}`;
    }
    case 'unfinished': {
      const since =
        finish.sinceMs === undefined
          ? 'since when, I can’t say'
          : `it has been so since ${clock(finish.sinceMs)}${whole ? '' : ', as far as I saw'}`;
      return say`${bold(`${policy.name}: the night has not finished.`)} ${short(finish.waiting)} jobs wait${usually}; ${since}.${sight}`;
    }
    default:
      return finish satisfies never;
  }
}
