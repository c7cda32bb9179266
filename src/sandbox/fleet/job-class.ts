/** A job class of the simulated application: how its jobs look and what running them does. */
export type JobClass = {
  /** The class a person knows. */
  readonly name: string;
  readonly queue: string;
  readonly look: 'plain' | 'active-job' | 'mailer';
  readonly durationMs: number;
  /** Jobs pushed by the application each second; 0 for those that wait only because a story put them there. */
  readonly perSecond: number;
  readonly tags?: readonly string[];
  /** Jobs of this class belong to a Pro batch. */
  readonly isBatched?: boolean;
  readonly failure?: { readonly share: number; readonly errorClass: string; readonly message: string };
  /** Memory that a running job takes and keeps taking; such a job never ends by itself. */
  readonly leakKbPerSecond?: number;
};

/** The class of the night that Poison Control was built for. */
export const DISASTER: JobClass = {
  name: 'Recurring::DisasterJob',
  queue: 'maintenance',
  look: 'plain',
  durationMs: 60_000,
  perSecond: 0,
  leakKbPerSecond: 3_000,
};

/** The innocent classes of a payroll application. */
export const INNOCENT: readonly JobClass[] = [
  {
    name: 'PayrollRunJob',
    queue: 'payroll',
    look: 'plain',
    durationMs: 180,
    perSecond: 4,
    tags: ['payroll'],
  },
  { name: 'TaxFilingJob', queue: 'payroll', look: 'plain', durationMs: 120, perSecond: 3, isBatched: true },
  { name: 'ActionMailer::MailDeliveryJob', queue: 'mailers', look: 'mailer', durationMs: 60, perSecond: 5 },
  { name: 'EmployeeSyncJob', queue: 'default', look: 'active-job', durationMs: 90, perSecond: 5 },
  {
    name: 'WebhookDeliveryJob',
    queue: 'default',
    look: 'active-job',
    durationMs: 70,
    perSecond: 2,
    failure: {
      share: 0.02,
      errorClass: 'Net::ReadTimeout',
      message: 'Net::ReadTimeout with #<TCPSocket:(closed)>',
    },
  },
  {
    name: 'ReportExportJob',
    queue: 'reports',
    look: 'plain',
    durationMs: 200,
    perSecond: 1,
    tags: ['export'],
  },
  { name: 'Recurring::CleanupJob', queue: 'maintenance', look: 'plain', durationMs: 100, perSecond: 0.2 },
];
