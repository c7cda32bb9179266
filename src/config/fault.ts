/** One thing that is wrong with the settings: where, what was expected, what was given, what to do. */
export type Fault = {
  /** `SLACK_BOT_TOKEN`, or a path in the file: `sidekiqs.payroll.poll`. */
  readonly path: string;
  readonly expected: string;
  /** Never a secret. */
  readonly given: string;
  readonly remedy: string;
};

export function describeFaults(faults: readonly Fault[]): string {
  const count = faults.length === 1 ? 'One setting is' : `${faults.length} settings are`;
  const lines = faults.flatMap((fault) => [
    `  ${fault.path}`,
    `    expected: ${fault.expected}`,
    `    given:    ${fault.given}`,
    `    to do:    ${fault.remedy}`,
  ]);
  return [`${count} wrong; nothing was started.`, ...lines].join('\n');
}
