/** What a process shows of itself. An idle process shows no work hash. */
export type VersionTraces = {
  readonly saidVersion: string | undefined;
  readonly hasConcurrencyField: boolean;
  readonly hasCapsules: boolean;
  readonly hasRtt: boolean;
  readonly hasRss: boolean;
  /** By which name its work hash goes, while it works. */
  readonly workKey: 'work' | 'workers' | undefined;
  readonly isWorkPayloadObject: boolean;
};

export type Version = {
  /** "8.1.7", or a range such as "6.2.0 to 6.4.1". */
  readonly text: string;
  readonly lowestMajor: number;
  readonly highestMajor: number;
};

/** Of a process that has left nothing but its name. */
export const UNKNOWN_VERSION: Version = { text: 'unknown', lowestMajor: 5, highestMajor: 99 };

/** The version where the process says it (7.0.2 and later), else the narrowest range that its traces allow (reference: 11). */
export function estimateVersion(traces: VersionTraces): Version {
  const { saidVersion, workKey } = traces;
  const major = Number(/^(\d{1,3})\./.exec(saidVersion ?? '')?.[1]);
  if (saidVersion !== undefined && major > 0) {
    return { text: saidVersion, lowestMajor: major, highestMajor: major };
  }
  if (traces.hasConcurrencyField) return { text: '8.1.2 or later', lowestMajor: 8, highestMajor: 99 };
  if (traces.hasCapsules) return { text: '8.0.9 or later', lowestMajor: 8, highestMajor: 99 };
  if (workKey === 'work') return { text: '6.4.2 to 7.0.1', lowestMajor: 6, highestMajor: 7 };
  if (traces.hasRtt) {
    return workKey === 'workers'
      ? { text: '6.2.0 to 6.4.1', lowestMajor: 6, highestMajor: 6 }
      : { text: '6.2.0 to 7.0.1', lowestMajor: 6, highestMajor: 7 };
  }
  if (traces.hasRss) return { text: '6.1.3 to 6.1.x', lowestMajor: 6, highestMajor: 6 };
  if (traces.isWorkPayloadObject) return { text: '6.0.1 or earlier', lowestMajor: 5, highestMajor: 6 };
  return { text: '6.1.2 or earlier', lowestMajor: 5, highestMajor: 6 };
}

/** Heartbeats come every 10 s since 7.0, every 5 s before. Where the version is unsure, the patient answer. */
export function beatIntervalMs(version: Version): number {
  return version.highestMajor < 7 ? 5000 : 10_000;
}
