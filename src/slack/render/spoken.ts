import type { Part, Reply, Table } from '../../core/reply/reply.ts';
import { cutEscaped, LIMITS } from '../limits.ts';
import { escapeForeign, unmarked } from './mrkdwn.ts';
import { andMore, CIRCLES } from './parts.ts';
import { sparklines } from './sparkline.ts';
import { leftOut } from './table.ts';

/** Rows that a screen reader reads before a person loses patience. */
const ROWS_SPOKEN = 10;

/** The whole reply in words, for `text`: what screen readers, notifications and search use when there are blocks. */
export function spokenReply(reply: Reply): string {
  const lines =
    reply.type === 'refusal'
      ? [unmarked(reply.reason), unmarked(reply.remedy)]
      : [`${CIRCLES[reply.tone]} ${unmarked(reply.headline)}`, ...reply.parts.flatMap(spokenPart)];
  return cutEscaped(lines.filter((line) => line.trim() !== '').join('\n'), LIMITS.text);
}

function spokenPart(part: Part): readonly string[] {
  switch (part.type) {
    case 'paragraph':
    case 'note':
      return [unmarked(part.text)];
    case 'heading':
      return part.text.trim() === '' ? [] : [`${escapeForeign(part.text)}:`];
    case 'list':
      return [
        ...part.items.map(({ tone, text }) => `${CIRCLES[tone]} ${unmarked(text)}`),
        ...andMore(part.left ?? 0),
      ];
    case 'facts':
      return part.facts.map(({ label, value }) => `${escapeForeign(label)}: ${unmarked(value)}`);
    case 'table':
      return spokenTable(part.table).map(escapeForeign);
    case 'chart':
      return [escapeForeign(part.chart.title), ...sparklines(part.chart).map(escapeForeign)];
    default:
      return part satisfies never;
  }
}

/** Each cell after its heading, as a table is read aloud: "Class DisasterJob, Jobs 312". */
function spokenTable(table: Table): readonly string[] {
  const rows = table.rows
    .slice(0, ROWS_SPOKEN)
    .map((cells) =>
      table.columns.map(({ heading }, at) => `${heading} ${cells[at] ?? ''}`.trim()).join(', '),
    );
  return [`${table.caption}:`, ...rows, leftOut(table, rows.length)];
}
