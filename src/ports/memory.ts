/** What the bot remembers of what it saw and said. */
import type { Incident } from '../core/history/incident.ts';
import type { HistorySample, Resolution, TimeRange } from '../core/history/sample.ts';
import type { MessageRef } from './chat.ts';

/** What the watcher has seen of a sidekiq, in its own formats; the newest replaces all before it. */
export interface EvidenceStore {
  evidence(sidekiq: string): Promise<StoredEvidence | undefined>;
  saveEvidence(sidekiq: string, evidence: StoredEvidence): Promise<void>;
}

export type StoredEvidence = { readonly format: number; readonly body: Uint8Array };

/** How workers died, each death once, in the watcher's own words. */
export interface CrashHistory {
  /** The same id again replaces it. */
  saveCrash(crash: StoredCrash): Promise<void>;
  /** It was held for dead and beats again. */
  removeCrash(sidekiq: string, id: string): Promise<void>;
  /** The newest first. */
  crashes(sidekiq: string, sinceMs: number, limit: number): Promise<readonly StoredCrash[]>;
}

export type StoredCrash = {
  readonly sidekiq: string;
  readonly id: string;
  readonly atMs: number;
  readonly body: string;
};

/** The figures of every minute, thinned with age, for whoever only looks. */
export interface HistoryReader {
  /** Those that begin within one of the ranges, oldest first. */
  samples(
    sidekiq: string,
    resolution: Resolution,
    ranges: readonly TimeRange[],
  ): Promise<readonly HistorySample[]>;
  /** What was alerted and lasted at some time within the range, oldest first. */
  incidents(sidekiq: string, range: TimeRange): Promise<readonly Incident[]>;
}

export interface HistoryStore extends HistoryReader {
  /**
   * Adds a sample of resolution `minute` and brings the coarser ones that it lies in up to date. The first of a minute
   * stays: false when one was there.
   */
  addSample(sidekiq: string, sample: HistorySample): Promise<boolean>;
  /** Adds what is known of the past, of any resolution, and leaves what is there as it is. */
  fillSamples(sidekiq: string, samples: readonly HistorySample[]): Promise<void>;
  /** Forgets what is older than its resolution is kept (core/history/sample.ts); `keepMs`: hours and days, if not a year. */
  thinSamples(sidekiq: string, nowMs: number, keepMs: number | undefined): Promise<void>;
  /** The same id again replaces it. */
  saveIncident(incident: Incident): Promise<void>;
}

/** Messages that are said once and edited afterwards, by a name of ours: `crash-loop/payroll`, `proposal/p1`. */
export interface Announcements {
  announcement(id: string): Promise<Announcement | undefined>;
  announcements(idPrefix: string, limit: number): Promise<readonly Announcement[]>;
  /** Compare and set: false when the stored one is not of the version before; a new one has version 1. */
  saveAnnouncement(next: Announcement): Promise<boolean>;
}

export type Announcement = {
  readonly id: string;
  readonly version: number;
  /** JSON of whoever announces. */
  readonly state: string;
  /** Null until it has been posted. */
  readonly message: MessageRef | null;
};

/** What is kept for a while, for whichever bot a person's next click reaches: what a window is about, an answer to be shared. */
export interface Memos {
  /** False when one of that id is there already. */
  addMemo(memo: Memo): Promise<boolean>;
  /** Its body, until its time is over. */
  memo(id: string, nowMs: number): Promise<string | undefined>;
  removeMemo(id: string): Promise<void>;
  /** Removes those whose time is over. */
  forgetMemos(nowMs: number): Promise<void>;
}

/** By a name of ours: `draft/k7q2mp`. */
export type Memo = { readonly id: string; readonly untilMs: number; readonly body: string };
