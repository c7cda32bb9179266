import { BOT, type Entry } from '../core/audit/entry.ts';
import { encodeCanonical, fingerprintOf, type Plain } from '../core/canonical.ts';
import { changedPaths } from '../core/settings-change.ts';
import type { Clock } from '../ports/host.ts';
import type { Store } from '../ports/store.ts';

const NOTE = 'settings';

/**
 * Records that the bot begins, and what of the settings is not as it was when it last began. `settings` are those that
 * decide who may do what, without secrets. @throws {StoreError} and then the bot must not begin
 */
export async function recordStart(
  store: Store,
  clock: Clock,
  bot: { readonly version: string; readonly settings: Plain },
): Promise<void> {
  const note = await store.announcement(NOTE);
  const state = encodeCanonical(bot.settings);
  const fingerprint = fingerprintOf(bot.settings);
  const entries = [entryOf('bot started', `version ${bot.version}`, fingerprint, clock)];
  if (note?.state !== state) {
    const result = note === undefined ? 'first seen' : changedPaths(JSON.parse(note.state), bot.settings);
    entries.push(entryOf('settings changed', result, fingerprint, clock));
  }
  await store.transact((tx) => tx.append(entries));
  if (note?.state === state) return;
  // Another replica may have been faster; it has the same settings or says so itself.
  await store.saveAnnouncement({ id: NOTE, version: (note?.version ?? 0) + 1, state, message: null });
}

export async function recordStop(store: Store, clock: Clock): Promise<void> {
  await store.transact((tx) => tx.append([entryOf('bot stopped', 'as it was asked to', null, clock)]));
}

function entryOf(what: string, result: string, fingerprint: string | null, clock: Clock): Entry {
  return {
    who: BOT,
    what,
    where: 'bot',
    atMs: clock.nowMs(),
    why: '',
    sidekiq: null,
    proposalId: null,
    fingerprint,
    result,
  };
}
