import { counted, exact } from '../amounts.ts';
import { nearest } from '../nearest.ts';
import type { ClassPolicy } from '../policy.ts';
import { type Button, type Refusal, refuse } from '../reply/reply.ts';
import { code, codes, say, type Text } from '../reply/text.ts';
import { isMailer, isWrapper } from '../sidekiq/job-class.ts';
import { asWord } from '../words/as-word.ts';
import type { ClassFound } from './purge-found.ts';

const SUGGESTED = 3;

/** What is never purged, whatever waits. */
export function refusalOfClass(
  jobClass: string,
  classes: ReadonlyMap<string, ClassPolicy>,
): Refusal | undefined {
  if (isSidekiqsOwn(jobClass)) {
    return refuse(
      'sidekiqs_own_class',
      say`${code(jobClass)} belongs to Sidekiq itself: without its jobs batches never end and their callbacks never run.`,
      say`Purge the class of your own that fills the queues; ${code('/sidekiq backlog')} names them.`,
    );
  }
  if (isWrapper(jobClass)) {
    return refuse(
      'wrapper_class',
      say`${code(jobClass)} only carries other classes.`,
      say`Name the class that it carries, as ${code('/sidekiq backlog')} shows it.`,
    );
  }
  const protecting = protectedBy(jobClass, classes);
  if (protecting === undefined) return undefined;
  const note = protecting.note === undefined ? say`` : say` They say: ${protecting.note}`;
  return refuse(
    'protected',
    say`The settings protect ${code(protecting.name)}: it is never purged.${note}`,
    say`Ask ${protecting.owner ?? 'whoever keeps the settings'}; they can change ${code('protect')}.`,
  );
}

/** Pro's callbacks, and the delayed extensions, whose real target stands in YAML (reference: 3.3). */
function isSidekiqsOwn(jobClass: string): boolean {
  return bare(jobClass).startsWith('Sidekiq::') && !isWrapper(bare(jobClass));
}

/** Whatever name leads to the protected jobs: with `::` in front, the mailer of a mail, or the class that carries all mail. */
function protectedBy(
  jobClass: string,
  classes: ReadonlyMap<string, ClassPolicy>,
):
  | { readonly name: string; readonly owner: string | undefined; readonly note: string | undefined }
  | undefined {
  const [mailer] = jobClass.split('#', 1);
  for (const [name, { isProtected, owner, note }] of classes) {
    if (!isProtected) continue;
    const isSame = bare(name) === bare(jobClass);
    const isItsMailer = jobClass.includes('#') && (bare(name) === bare(mailer ?? '') || isMailer(name));
    const isAmongAllMail = isMailer(bare(jobClass)) && name.includes('#');
    if (isSame || isItsMailer || isAmongAllMail) return { name, owner, note };
  }
  return undefined;
}

function bare(jobClass: string): string {
  return jobClass.startsWith('::') ? jobClass.slice(2) : jobClass;
}

type Wanted = { readonly jobClass: string; readonly queues: readonly string[] };

/** What there is no purge for: a queue that does not exist, or nothing to take. */
export function refusalOfFound(wanted: Wanted, found: ClassFound): Refusal | undefined {
  const unknown = wanted.queues.find((queue) => !found.queueNames.includes(queue));
  if (unknown !== undefined) {
    const near = nearest(unknown, found.queueNames, SUGGESTED);
    const remedy =
      near.length === 0
        ? say`Leave the queue out to purge from all.`
        : say`Did you mean ${codes(near, ' or ')}?`;
    return refuse('unknown_queue', say`${found.sidekiq} has no queue ${code(unknown)}.`, remedy);
  }
  return found.places.length === 0 ? nothingToPurge(wanted, found) : undefined;
}

function nothingToPurge({ jobClass, queues }: Wanted, found: ClassFound): Refusal {
  const near = nearest(
    jobClass,
    found.classNames.filter((name) => name !== jobClass),
    SUGGESTED,
  );
  const where = queues.length === 0 ? say`` : say` in ${codes(queues, ' or ')}`;
  const { isExact } = found.exactness;
  const seen = say`${lookedAt(found)}${besides(found)}`;
  // What was not read may be full of them.
  const reason = isExact
    ? say`Nothing to purge: no job of ${code(jobClass)} waits${where}. ${seen}`
    : say`No job of ${code(jobClass)} was found${where} yet, and some may wait in what is not read. ${seen}`;
  return refuse(
    'nothing_to_purge',
    reason,
    remedyOf(near, isExact, queues),
    near.flatMap((name): Button[] => {
      const word = asWord(name);
      return word === undefined
        ? []
        : [{ type: 'ask', label: name, command: `purge ${word} --plan on ${found.sidekiq}` }];
    }),
  );
}

function remedyOf(near: readonly string[], isExact: boolean, queues: readonly string[]): Text {
  const meant = say`Did you mean ${codes(near, ' or ')}? Names are compared letter by letter.`;
  if (isExact) {
    return near.length > 0 ? meant : say`${code('/sidekiq backlog')} shows which classes wait, and where.`;
  }
  const further =
    queues.length === 0
      ? say`Name its queue with ${code('--queue')}, and only that one is read, or ask again when Redis is less busy.`
      : say`Ask again when Redis is less busy.`;
  return near.length > 0 ? say`${meant} ${further}` : further;
}

function lookedAt({ queueNames, exactness }: ClassFound): string {
  const { readCount, knownCount, isExact } = exactness;
  const entries = isExact
    ? `all ${counted(readCount, 'entry', 'entries')}`
    : `${exact(readCount)} of ${exact(Math.max(readCount, knownCount))} entries, for there was no time for more,`;
  return `I looked at ${entries} of ${counted(queueNames.length, 'queue')}, the retry and scheduled sets and the private lists.`;
}

function besides({ running, leftAlone }: ClassFound): string {
  const { later, undated, unreadable, inUnknownLists } = leftAlone;
  const left = later + undated + unreadable + inUnknownLists;
  return [
    running.threads > 0
      ? ` ${counted(running.threads, 'thread runs', 'threads run')} it now, which no purge can stop.`
      : '',
    left > 0
      ? ` ${counted(left, 'job of it is', 'jobs of it are')} left alone: created too late, without a time, unreadable, or in a list of an unknown fetcher.`
      : '',
  ].join('');
}
