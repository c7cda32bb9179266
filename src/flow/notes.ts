import type { Notes } from '../ports/host.ts';
import type { Announcements } from '../ports/memory.ts';

/** Two replicas, or two people, may write at the same moment; more tries than that would be odd. */
const TRIES = 5;

/** What a flow must remember (alerts, mornings, migrations), kept among the announcements of the store. */
export function notesOver(announcements: Announcements): Notes {
  const change = async (id: string, next: (state: string | undefined) => string): Promise<void> => {
    for (let tries = 0; tries < TRIES; tries++) {
      const known = await announcements.announcement(id);
      const version = (known?.version ?? 0) + 1;
      const state = next(known?.state);
      if (await announcements.saveAnnouncement({ id, version, state, message: null })) return;
    }
    throw new Error(`${id} is being saved by others again and again`);
  };
  return {
    load: async (id) => (await announcements.announcement(id))?.state,
    save: (id, state) => change(id, () => state),
    change,
  };
}
