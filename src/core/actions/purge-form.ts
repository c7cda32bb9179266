import { MAX_REASON_LENGTH } from '../approval/rules.ts';
import type { Field, Form, FormErrors } from '../reply/form.ts';
import { bold, say } from '../reply/text.ts';
import { asWord } from '../words/as-word.ts';
import { normaliseTyped } from '../words/normalise.ts';

/** The window that asks what to purge, when nobody has said it; its submission is a command, judged like one that was typed. */
export const PURGE_FORM = 'purge.ask';

/** `classes` wait in this sidekiq, those that wait most first. */
export function purgeForm(sidekiq: string, classes: readonly string[]): Form {
  const waiting: Field = {
    name: 'class',
    label: 'Class',
    hint: 'Those that wait most come first',
    isOptional: true,
    input: { type: 'choice', choices: classes.map((name) => ({ value: name, label: name })) },
  };
  return {
    type: 'form',
    form: PURGE_FORM,
    title: 'Purge a class',
    submit: 'Propose',
    value: sidekiq,
    words: [
      say`Takes every job of one class out of every place in ${bold(sidekiq)}, archived first. Nothing happens before a second person has seen the plan and agreed.`,
    ],
    fields: [
      ...(classes.length === 0 ? [] : [waiting]),
      {
        name: 'other',
        label: classes.length === 0 ? 'Class' : 'Or another one',
        hint: 'As jobs name it, such as Reports::ExportJob, or Mailer#method for one kind of mail',
        isOptional: true,
        input: { type: 'text', isLong: false, maxLength: 300 },
      },
      {
        name: 'queue',
        label: 'Only from this queue',
        hint: 'Left empty: from every place',
        isOptional: true,
        input: { type: 'text', isLong: false, maxLength: 300 },
      },
      {
        name: 'reason',
        label: 'Why?',
        hint: 'The approvers decide by it.',
        input: { type: 'text', isLong: true, maxLength: MAX_REASON_LENGTH },
      },
    ],
  };
}

/** What was sent off, as the command that says the same. */
export function purgeCommand(fields: ReadonlyMap<string, string>, sidekiq: string): string | FormErrors {
  const typed = fields.get('other')?.trim() ?? '';
  const jobClass = typed === '' ? (fields.get('class') ?? '') : typed;
  if (jobClass === '') return fault('other', 'Choose a class above, or type one here.');
  const classWord = asWord(jobClass);
  if (classWord === undefined) return fault('other', 'That name mixes too many kinds of quotes to be typed.');
  const queue = fields.get('queue')?.trim() ?? '';
  const queueWord = queue === '' ? '' : asWord(queue);
  if (queueWord === undefined) return fault('queue', 'That name mixes too many kinds of quotes to be typed.');
  const from = queueWord === '' ? '' : ` --queue ${queueWord}`;
  return `purge ${classWord}${from} on ${sidekiq}${reasonOption(fields.get('reason') ?? '')}`;
}

/** In quotes, so that nothing in it is taken for an option or a sidekiq. */
function reasonOption(typed: string): string {
  const reason = normaliseTyped(typed.replaceAll(/\s+/g, ' ')).trim();
  if (reason === '') return '';
  return ` --reason "${reason.replaceAll('"', "'")}"`;
}

function fault(field: string, sentence: string): FormErrors {
  return { type: 'errors', errors: new Map([[field, sentence]]) };
}
