/** One thing that was looked at: how it is, and where it is not right, what to do. */
export type Finding = {
  /** Where: "settings", "Slack", "Redis of payroll", "store". */
  readonly about: string;
  /** warning: it works, and somebody may be surprised by it one night. */
  readonly verdict: 'good' | 'warning' | 'wrong' | 'unknown';
  readonly sentence: string;
  readonly remedy?: string;
};

export function good(about: string, sentence: string): Finding {
  return { about, verdict: 'good', sentence };
}

export function warning(about: string, sentence: string, remedy: string): Finding {
  return { about, verdict: 'warning', sentence, remedy };
}

export function wrong(about: string, sentence: string, remedy: string): Finding {
  return { about, verdict: 'wrong', sentence, remedy };
}

export function unknown(about: string, sentence: string, remedy: string): Finding {
  return { about, verdict: 'unknown', sentence, remedy };
}

const MARKS = { good: 'ok     ', warning: 'warning', wrong: 'WRONG  ', unknown: 'unknown' } as const;

/** As it is printed: the summary first, then each thing under its place, with what to do below it. */
export function describeFindings(findings: readonly Finding[]): string {
  const places = Map.groupBy(findings, ({ about }) => about);
  const lines = [...places].flatMap(([about, ofIt]) => [
    '',
    about,
    ...ofIt.flatMap(({ verdict, sentence, remedy }) => [
      `  ${MARKS[verdict]}  ${sentence}`,
      ...(remedy === undefined ? [] : [`           to do: ${remedy}`]),
    ]),
  ]);
  return [summaryOf(findings), ...lines].join('\n');
}

function summaryOf(findings: readonly Finding[]): string {
  const count = (verdict: Finding['verdict']) => findings.filter((one) => one.verdict === verdict).length;
  const [faults, warnings, open] = [count('wrong'), count('warning'), count('unknown')];
  const rest = [
    ...(warnings === 0 ? [] : [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`]),
    ...(open === 0 ? [] : [`${open} that could not be looked at`]),
  ].join(', ');
  const more = rest === '' ? '' : ` (${rest})`;
  if (faults === 0) return `Nothing has to be put right${more}.`;
  return `${faults} ${faults === 1 ? 'thing has' : 'things have'} to be put right${more}.`;
}
