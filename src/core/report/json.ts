import { formatHead } from '../audit/record.ts';
import { plainText } from '../reply/text.ts';
import type { Report } from './report.ts';

const iso = (atMs: number): string => new Date(atMs).toISOString();

/** The documented shape (docs/json.md). */
export function reportJson({ morning, seen, finish, notable, drifts, open }: Report) {
  const { policy, night, nowMs } = morning;
  return {
    sidekiq: policy.name,
    readAt: iso(nowMs),
    night: { from: iso(night.range.fromMs), to: iso(night.range.toMs), timezone: night.calendar.timezone },
    finish: finish.type,
    finishedAt: finish.type === 'finished' && finish.atMs !== undefined ? iso(finish.atMs) : null,
    unseen: seen.gaps.map(({ fromMs, toMs }) => ({ from: iso(fromMs), to: iso(toMs) })),
    notable: notable.map(({ text }) => plainText(text)),
    changed: drifts.map(({ text }) => plainText(text)),
    open: open.map(({ text }) => plainText(text)),
    auditHead: formatHead(night.head),
  };
}
