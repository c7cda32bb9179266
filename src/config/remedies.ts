/** What to do about a fault at a path; the first pattern that fits speaks. `*` stands for one name. */
const REMEDIES: readonly (readonly [pattern: string, remedy: string])[] = [
  ['sidekiqs', 'Name each Sidekiq you run, with the address of its Redis.'],
  [
    'sidekiqs.*.redis',
    'Give the same address that your Sidekiq processes use; keep passwords in the environment or a mounted file.',
  ],
  ['sidekiqs.*.channels', 'In Slack: channel name, View channel details, the id is at the bottom.'],
  ['sidekiqs.*.channels.*', 'In Slack: channel name, View channel details, the id is at the bottom.'],
  ['sidekiqs.*.poll', 'Leave it out for 5s; shorter sees quick crashes better and reads Redis more often.'],
  ['sidekiqs.*.kubernetes.namespace', 'kubectl get pods --all-namespaces shows it beside your Sidekiq pods.'],
  ['approvals.requesters.*', 'In Slack: profile, More, Copy member ID; or the id of a user group.'],
  ['approvals.approvers.*', 'In Slack: profile, More, Copy member ID; or the id of a user group.'],
  ['approvals.all_of.*.*', 'In Slack: profile, More, Copy member ID; or the id of a user group.'],
  ['approvals.all_of', 'One list for each group that must agree: [[S0LEADS], [S0SECURITY]].'],
  ['reports.*.sidekiq', 'Use one of the names under `sidekiqs`.'],
  ['reports.*.cron', 'Five fields: minute, hour, day of month, month, day of week.'],
  ['reports.*.channel', 'In Slack: channel name, View channel details, the id is at the bottom.'],
  ['calendar.timezone', 'Use a name of the tz database, as in the TZ column of its list: Europe/Berlin.'],
  ['calendar.holidays.*', 'Write 2026-12-25 for one day, or 12-25 for that day of every year.'],
  ['alerts.remind_after', 'Write a duration such as 2h, or leave it out for no reminders.'],
  ['alerts.office_hours', 'Write 09:00-17:30, or leave it out for reminders at any time.'],
  ['sidekiqs.*.alerts.channel', 'In Slack: channel name, View channel details, the id is at the bottom.'],
  ['alerts.channel', 'In Slack: channel name, View channel details, the id is at the bottom.'],
  ['history.keep', 'Write a duration of at least 36d, or leave it out to keep a year.'],
  ['audit.channel', 'In Slack: channel name, View channel details, the id is at the bottom.'],
];

export function remedyFor(path: readonly PropertyKey[]): string {
  const all = path.map(String);
  // The approvals of one sidekiq have the keys of those for all.
  const words = all[0] === 'sidekiqs' && all[2] === 'approvals' ? all.slice(2) : all;
  const found = REMEDIES.find(([pattern]) => {
    const parts = pattern.split('.');
    return (
      parts.length === words.length && parts.every((part, index) => part === '*' || part === words[index])
    );
  });
  return found?.[1] ?? 'Correct the value, or leave the key out for its default.';
}
