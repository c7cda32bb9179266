import type { AlertStore, Announcements } from '../ports.ts';

/** Two replicas may mute at the same moment; more tries than replicas would be odd. */
const TRIES = 5;

/** Alerts kept among the announcements of the store. The last to save wins. */
export function alertStoreOver(announcements: Announcements): AlertStore {
  return {
    load: async (id) => (await announcements.announcement(id))?.state,
    save: async (id, state) => {
      for (let tries = 0; tries < TRIES; tries++) {
        const version = ((await announcements.announcement(id))?.version ?? 0) + 1;
        if (await announcements.saveAnnouncement({ id, version, state, message: null })) return;
      }
      throw new Error(`${id} is being saved by others again and again`);
    },
  };
}
