import type { PagePart } from '../core/sidekiq/page.ts';

/** A command as it is sent: its name in upper case, then its arguments. A part of a page is as many as it has payloads. */
export type Command = readonly [name: string, ...args: (string | number | Buffer | PagePart)[]];
