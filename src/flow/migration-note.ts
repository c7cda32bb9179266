import { parseStory, type Story } from '../core/migration/story.ts';
import type { MessageRef } from '../ports/chat.ts';

/** Where the migration of a sidekiq is kept among the announcements. */
export const migrationId = (sidekiq: string): string => `migration/${sidekiq}`;

/** What is remembered of a migration over restarts. */
export type MigrationNote = {
  readonly story: Story;
  readonly message: MessageRef;
  /** The digest of what the message shows. */
  readonly shown: string;
  /** Of which end the message shows the summary; null while it shows none. */
  readonly summedAtMs: number | null;
};

export function freezeMigration(note: MigrationNote): string {
  return JSON.stringify(note);
}

/** Undefined for what another version wrote: it begins anew with the next step. */
export function thawMigration(text: string | undefined): MigrationNote | undefined {
  if (text === undefined) return undefined;
  const { story, message, shown, summedAtMs } = JSON.parse(text);
  const parsed = parseStory(story);
  if (parsed === undefined || typeof message?.channel !== 'string' || typeof message?.id !== 'string')
    return undefined;
  return {
    story: parsed,
    message: { channel: message.channel, id: message.id },
    shown: String(shown),
    summedAtMs: Number.isInteger(summedAtMs) ? summedAtMs : null,
  };
}
