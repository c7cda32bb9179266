import type { Crash } from '../attribution/crash.ts';
import type { Suspect } from '../attribution/suspect.ts';
import { terminationSentence } from '../attribution/termination.ts';
import { verdictSentences } from '../attribution/verdict-sentences.ts';
import type { Suspects } from './account.ts';

/** The shape of docs/json.md, "suspects". */
export function suspectsJson({ sidekiq, takenAtMs, windowMs, account, hints, platformTrouble }: Suspects) {
  const { verdict, ranked, crashes, ends, watched } = account;
  return {
    sidekiq,
    takenAt: iso(takenAtMs),
    windowMs: windowMs ?? null,
    watched: watched === undefined ? null : { from: iso(watched.fromMs), to: iso(watched.toMs) },
    verdict: verdict.kind,
    sentences: verdictSentences(verdict),
    noClass: verdict.kind === 'no crash' ? null : verdict.noneP,
    suspects: ranked.map(suspectJson),
    ends: {
      crashed: crashes.length,
      stopped: ends.get('clean stop') ?? 0,
      killedWhileStopping: ends.get('killed while stopping') ?? 0,
      unknown: ends.get('unknown') ?? 0,
    },
    machineLosses: verdict.kind === 'no crash' ? [] : verdict.machineLosses,
    crashes: crashes.map(crashJson),
    kubernetes: terminationSentence(crashes) ?? platformTrouble ?? null,
    hints: hints?.map(({ jobClass, weight, sentences }) => ({ class: jobClass, weight, sentences })) ?? null,
  };
}

function suspectJson(suspect: Suspect) {
  const { jobClass, p, isCertain, grewKb, job, cost, rateRatio } = suspect;
  return {
    class: jobClass,
    probability: p,
    isCertain,
    crashes: suspect.crashes,
    events: suspect.events,
    workShare: suspect.workShare,
    rateRatio: rateRatio ?? null,
    grewBytes: grewKb === undefined ? null : grewKb * 1024,
    job: job === undefined ? null : { jid: job.jid, probability: job.p, crashes: job.crashes },
    cost: {
      threadsLost: cost.threadsLost,
      innocentsKilled: cost.innocentsKilled,
      workLostMs: cost.workLostMs,
    },
  };
}

export function crashJson({ atMs, host, identity, rssKb, inFlight, termination }: Crash) {
  return {
    at: iso(atMs),
    host,
    identity,
    rssBytes: rssKb === undefined ? null : rssKb * 1024,
    termination: termination ?? null,
    inFlight: inFlight.map(({ jid, jobClass }) => ({ jid, class: jobClass })),
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();
