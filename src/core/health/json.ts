import { usualJson } from '../history/phrases.ts';
import { plainText } from '../reply/text.ts';
import type { Health } from './assess.ts';
import { crashesOf } from './losses.ts';
import type { Motion } from './motion.ts';

/** The shape of docs/json.md, "health". Unknown is null, never left out; times are ISO 8601, lengths carry their unit. */
export function healthJson(health: Health) {
  return {
    sidekiq: health.sidekiq,
    takenAt: new Date(health.takenAtMs).toISOString(),
    verdict: health.verdict,
    reasons: health.reasons.map(({ code, tone, text, detail, subjects }) => ({
      code,
      tone,
      text: plainText(text),
      detail: detail === undefined ? null : plainText(detail),
      subjects,
    })),
    waiting: waitingJson(health),
    running: runningJson(health),
    redis: redisJson(health),
    errors: errorsJson(health),
    processes: processesJson(health),
    unknowns: health.unknowns.map(plainText),
    faults: health.faults.map(({ code, where, sentence }) => ({ code, where, sentence })),
  };
}

function waitingJson({ waiting }: Health) {
  return {
    jobs: waiting.jobs,
    usual: usualJson(waiting.usual),
    scheduled: waiting.scheduled,
    usualScheduled: usualJson(waiting.usualScheduled),
    usualDone: usualJson(waiting.usualDone),
    trend: motionJson(waiting.motion),
    donePerMinute: waiting.progress?.perMinute ?? null,
    emptyQueues: waiting.emptyQueues,
    queues: waiting.queues.map((queue) => ({
      name: queue.name,
      size: queue.size,
      usual: usualJson(queue.usual),
      usualWait: usualJson(queue.usualWait),
      latencyMs: queue.latencyMs,
      targetMs: queue.targetMs ?? null,
      service: queue.service,
      trend: motionJson(queue.motion),
      headClass: queue.headClass ?? null,
      needsNumber: queue.needsNumber,
    })),
  };
}

/** `jobsPerMinute` is the change of the backlog: negative when it drains. */
function motionJson(motion: Motion) {
  const nothing = { jobsPerMinute: null, emptyInMs: null, stoppedForMs: null };
  switch (motion.type) {
    case 'unknown':
      return { type: motion.type, ...nothing };
    case 'steady':
      return { type: motion.type, ...nothing, jobsPerMinute: 0 };
    case 'draining':
      return {
        type: motion.type,
        ...nothing,
        jobsPerMinute: -motion.perMinute,
        emptyInMs: Math.round(motion.emptyInMs),
      };
    case 'growing':
      return { type: motion.type, ...nothing, jobsPerMinute: motion.perMinute };
    case 'stopped':
      return {
        type: motion.type,
        ...nothing,
        jobsPerMinute: motion.growsPerMinute,
        stoppedForMs: motion.forMs,
      };
    default:
      return motion satisfies never;
  }
}

function runningJson({ running }: Health) {
  return {
    processes: running.processes,
    quietProcesses: running.quietProcesses,
    threads: running.threads,
    busy: running.busy,
    usualBusy: usualJson(running.usualBusy),
    classes: running.classes.map(({ jobClass, threads, processes, longestMs }) => ({
      class: jobClass ?? null,
      threads,
      processes,
      longestMs: longestMs ?? null,
    })),
    filler:
      running.filler === undefined
        ? null
        : {
            class: running.filler.jobClass,
            threads: running.filler.threads,
            ofThreads: running.filler.ofThreads,
            seen: running.filler.seen,
          },
  };
}

function redisJson({ memory }: Health) {
  return {
    usedBytes: memory.usedBytes ?? null,
    usualUsed: usualJson(memory.usualUsed),
    maxBytes: memory.maxBytes ?? null,
    bytesPerMinute: memory.bytesPerMinute ?? null,
    fullInMs: memory.fullInMs === undefined ? null : Math.round(memory.fullInMs),
    policy: memory.policy ?? null,
    writes: memory.writes.state,
    pingMs: memory.pingMs,
    role: memory.role,
  };
}

function errorsJson({ errors }: Health) {
  const { progress, retrySetGrowth } = errors;
  return {
    window:
      progress === undefined
        ? null
        : { overMs: progress.overMs, processed: progress.processed, failed: progress.failed },
    usualShare: usualJson(errors.usualShare),
    usualRetrySet: usualJson(errors.usualRetrySet),
    usualDeadSet: usualJson(errors.usualDeadSet),
    retrySetSize: errors.retrySetSize,
    retrySetGrowth: retrySetGrowth ?? null,
    deadSetSize: errors.deadSetSize,
    deathsLastHour: errors.deathsLastHour,
    overdue: errors.overdue,
  };
}

function processesJson({ losses, crashes }: Health) {
  return {
    overMs: losses.overMs,
    crashed: crashesOf(losses),
    crashedBefore: losses.lostBefore,
    killedWhileStopping: losses.lostWhileStopping,
    ended: losses.ended,
    started: losses.started,
    silentNow: losses.silentNow,
    deadNow: losses.deadNow,
    stranded: losses.stranded,
    watched:
      crashes === undefined
        ? null
        : {
            overMs: crashes.overMs,
            crashed: crashes.crashed,
            usualPerHour: crashes.usualPerHour ?? null,
            suspect:
              crashes.suspect === undefined
                ? null
                : {
                    class: crashes.suspect.jobClass,
                    probability: crashes.suspect.p,
                    verdict: crashes.suspect.verdict,
                  },
          },
  };
}
