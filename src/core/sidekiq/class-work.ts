/** What Sidekiq's own metrics (7+) count of a class: jobs that ended, those that failed, and how long they ran. */
export type ClassWork = { readonly ended: number; readonly failed: number; readonly ranMs: number };

export type WorkByClass = ReadonlyMap<string, ClassWork>;

const NONE: ClassWork = { ended: 0, failed: 0, ranMs: 0 };
const FIELDS = { '|p': 'ended', '|f': 'failed', '|ms': 'ranMs' } as const;
/** More classes than any application has; the rest is passed over. */
const CLASSES_MAX = 2000;

/** Counts one field of a metrics hash, such as `PayrollRunJob|ms` (reference 8.4); what is none is passed over. */
export function addClassWork(into: Map<string, ClassWork>, field: string, value: string): void {
  const bar = field.lastIndexOf('|');
  const name = FIELDS[field.slice(bar) as keyof typeof FIELDS];
  const count = Number(value);
  if (bar <= 0 || name === undefined || !Number.isFinite(count) || count < 0) return;
  const jobClass = field.slice(0, bar);
  const known = into.get(jobClass) ?? NONE;
  if (known === NONE && into.size >= CLASSES_MAX) return;
  into.set(jobClass, { ...known, [name]: known[name] + count });
}
