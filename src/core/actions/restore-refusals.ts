import { counted, duration } from '../amounts.ts';
import { type Refusal, refuse } from '../reply/reply.ts';
import { code, say } from '../reply/text.ts';
import { type ArchiveSeen, type CrashesSeen, owedIn } from './archive-seen.ts';
import type { RestoreParameters } from './restore-parameters.ts';

/** There is no archive of that name here. */
export const NO_ARCHIVE = refuse(
  'no_archive',
  say`That is no purge of this sidekiq, or nothing is left of its archive.`,
  say`${code('/sidekiq actions')} lists what is archived and still owed.`,
  [{ type: 'ask', label: 'Actions', command: 'actions' }],
);

/** What there is nothing to be done about: it still runs, or all of it has an end. */
export function refusalOfArchive(archive: ArchiveSeen): Refusal | undefined {
  const { actionId, isOpen, uncertain } = archive;
  const show = [{ type: 'ask', label: 'Show it', command: `actions ${actionId}` } as const];
  if (isOpen) {
    return refuse(
      'still_archiving',
      say`${code(actionId)} still runs, and would take the jobs out again.`,
      say`Wait until it has ended, or stop it.`,
      show,
    );
  }
  if (owedIn(archive) > 0) return undefined;
  const unsure =
    uncertain === 0 ? '' : ` ${counted(uncertain, 'job')} may be back or not; the export names them.`;
  return refuse(
    'nothing_owed',
    say`Every job that ${code(actionId)} archived was put back or written off.${unsure}`,
    say`Nothing needs to be done.`,
    show,
  );
}

/** What is put back must not be taken out again by somebody who looks on for what comes back. */
export function refusalOfPurge({ openPurge, jobClass }: ArchiveSeen): Refusal | undefined {
  if (openPurge === undefined) return undefined;
  return refuse(
    'purge_is_open',
    say`The purge ${code(openPurge)} of ${code(jobClass)} is open, and would take out again what goes back.`,
    say`Wait until it has ended, or stop or cancel it.`,
    [{ type: 'ask', label: 'Show it', command: `actions ${openPurge}` }],
  );
}

/** Workers still crash, and nobody has said that it may be done all the same. */
export function refusalOfCrashes(
  { despiteCrashes, percent }: RestoreParameters,
  { actionId, jobClass, sidekiq }: ArchiveSeen,
  { count, withinMs, suspicion }: CrashesSeen,
): Refusal | undefined {
  if (despiteCrashes || (count === 0 && suspicion === undefined)) return undefined;
  const crashed =
    count === 0 ? '' : ` ${counted(count, 'worker')} crashed in the last ${duration(withinMs)}.`;
  const suspected = suspicion === undefined ? '' : ` ${suspicion}.`;
  const share = percent === 100 ? '' : ` --percent ${percent}`;
  return refuse(
    'still_crashing',
    say`Workers still crash, so no ${code(jobClass)} goes back.${crashed}${suspected}`,
    say`Wait until they are calm. If it must be now, add ${code('--despite-crashes')}: whoever approves is told.`,
    [
      { type: 'ask', label: 'Suspects', command: `suspects on ${sidekiq}` },
      {
        type: 'ask',
        label: 'Restore all the same',
        command: `restore ${actionId}${share} --despite-crashes on ${sidekiq}`,
      },
    ],
  );
}
