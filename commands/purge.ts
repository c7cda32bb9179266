import { purge as action } from '../src/core/actions/purge.ts';
import { purgeForm } from '../src/core/actions/purge-form.ts';
import type { PurgeParameters } from '../src/core/actions/purge-parameters.ts';
import { purgePreview } from '../src/core/actions/purge-preview.ts';
import { refusalOfClass } from '../src/core/actions/purge-refusals.ts';
import type { Form } from '../src/core/reply/form.ts';
import { NO_SIDEKIQ } from '../src/core/reply/no-sidekiq.ts';
import { type Button, type Refusal, type Reply, refuse } from '../src/core/reply/reply.ts';
import { code, say } from '../src/core/reply/text.ts';
import { asWord } from '../src/core/words/as-word.ts';
import type { Command, CommandContext, ObservedSidekiq } from '../src/flow/command.ts';

/** A person waits for the answer; a million jobs take about one second, and what is left out is said. */
const BUDGET_MS = 8000;
/** To suggest classes, those that were met first are enough. */
const SUGGESTING_MS = 2000;
const SUGGESTED = 5;
/** A window must open within three seconds of the command. */
const CHOOSING_MS = 1200;
const CHOICES = 50;

export const purge: Command = {
  name: 'purge',
  usage: 'purge CLASS [--queue NAME]… [--reason TEXT] [--release-locks] [--plan]',
  summary: 'proposes to take a job class out of every place; --plan only shows it',
  words: {
    max: 1,
    options: { queue: 'many', reason: 'rest', 'release-locks': 'flag', longer: 'one', plan: 'flag' },
  },
  sidekiqs: 'one',
  async run({ words, options }, context) {
    const [sidekiq] = context.sidekiqs;
    const [jobClass] = words;
    if (sidekiq === undefined) return NO_SIDEKIQ;
    const longer = options.get('longer')?.[0]?.toLowerCase();
    const [reason = ''] = options.get('reason') ?? [];
    const releaseLocks = options.has('release-locks');
    if (longer !== undefined) return sweepLonger(longer, { reason, releaseLocks }, sidekiq, context);
    if (jobClass === undefined) return options.has('plan') ? whichClass(sidekiq) : askForClass(sidekiq);
    const wanted = action.parameters.safeParse({
      jobClass,
      queues: [...(options.get('queue') ?? [])],
      releaseLocks,
    });
    if (!wanted.success) return TOO_MUCH;
    const { policy } = sidekiq;
    // Before anything is read, for it may take seconds.
    const no = refusalOfClass(jobClass, policy.classes);
    if (no !== undefined) return no;
    if (!options.has('plan')) {
      const wish = { action: action.name, sidekiq: policy.name, parameters: wanted.data, reason };
      const reply = await context.propose(wish);
      const isLookOnly = reply.type === 'refusal' && LOOK_ONLY.includes(reply.code);
      if (!isLookOnly) return reply;
    }
    return preview(wanted.data, sidekiq, context);
  },
};

/** Another time of sweeping for what a purge was approved to take; it needs two people like the first. */
async function sweepLonger(
  id: string,
  { reason, releaseLocks }: { readonly reason: string; readonly releaseLocks: boolean },
  { policy }: ObservedSidekiq,
  { propose, records }: CommandContext,
): Promise<Reply | Form> {
  const plan = (await records.proposal(id))?.plan;
  const before = plan?.action === action.name ? action.parameters.safeParse(plan.parameters).data : undefined;
  if (before === undefined) {
    return refuse(
      'no_such_purge',
      say`${code(id)} is no purge.`,
      say`${code('/sidekiq actions')} lists those that were proposed.`,
      [{ type: 'ask', label: 'Actions', command: 'actions' }],
    );
  }
  const { jobClass, queues } = before;
  const parameters = action.parameters.parse({ jobClass, queues, releaseLocks, longer: id });
  return propose({ action: action.name, sidekiq: policy.name, parameters, reason });
}

/** In a terminal, or in a bot that can't purge, the plan can still be seen. */
const LOOK_ONLY: readonly string[] = ['only_in_slack', 'unknown_action'];

async function preview(
  parameters: PurgeParameters,
  sidekiq: ObservedSidekiq,
  { nowMs, typed }: CommandContext,
): Promise<Reply> {
  const { jobClass, queues } = parameters;
  const { classes, name } = sidekiq.policy;
  const found = await sidekiq.findClass({ jobClass, queues, budgetMs: BUDGET_MS });
  const plan = action.plan(parameters, { found, classes }, nowMs);
  if ('type' in plan) return plan;
  return purgePreview(plan, found, [
    ...proposal(parameters, name),
    { type: 'ask', label: 'Backlog', command: `backlog on ${name}` },
    { type: 'refresh', command: typed },
    { type: 'share' },
  ]);
}

function proposal({ jobClass, queues, releaseLocks }: PurgeParameters, sidekiq: string): readonly Button[] {
  const words = [jobClass, ...queues].map(asWord);
  if (words.includes(undefined)) return [];
  const locks = releaseLocks ? ' --release-locks' : '';
  const command = `purge ${words.join(' --queue ')}${locks} on ${sidekiq}`;
  return [{ type: 'ask', label: 'Propose purge', command }];
}

async function askForClass(sidekiq: ObservedSidekiq): Promise<Form> {
  const { classes, name } = sidekiq.policy;
  const backlog = await sidekiq.countBacklog({ budgetMs: CHOOSING_MS });
  const waiting = backlog.classes.filter(
    ({ jobClass, total }) => total > 0 && refusalOfClass(jobClass, classes) === undefined,
  );
  return purgeForm(
    name,
    waiting.slice(0, CHOICES).map(({ jobClass }) => jobClass),
  );
}

async function whichClass(sidekiq: ObservedSidekiq): Promise<Refusal> {
  const { classes } = await sidekiq.countBacklog({ budgetMs: SUGGESTING_MS });
  const { name } = sidekiq.policy;
  const buttons = classes
    .filter(({ total }) => total > 0)
    .slice(0, SUGGESTED)
    .flatMap(({ jobClass }): Button[] => {
      const word = asWord(jobClass);
      return word === undefined
        ? []
        : [{ type: 'ask', label: jobClass, command: `purge ${word} --plan on ${name}` }];
    });
  return refuse(
    'which_class',
    buttons.length === 0 ? say`Which class? Nothing waits in ${name}.` : say`Which class?`,
    say`Write it as jobs name it: ${code('/sidekiq purge CLASS')}, or ${code('Mailer#method')} for one kind of mail.${buttons.length === 0 ? '' : ' Those that wait most:'}`,
    buttons,
  );
}

const TOO_MUCH = refuse(
  'not_a_class',
  say`A class or a queue has at most 300 characters, and at most 20 queues can be named.`,
  say`Name the class as jobs name it.`,
);
