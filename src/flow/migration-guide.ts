import { isIn, type Proposal } from '../core/approval/proposal.ts';
import { type Fared, faredRanges } from '../core/migration/fared.ts';
import { isOfReliableFetch } from '../core/migration/movability.ts';
import { RescuedTally } from '../core/migration/rescued.ts';
import { beginStory, type Story, stepStory } from '../core/migration/story.ts';
import { type Deeds, newsMessage, storyMessage } from '../core/migration/story-words.ts';
import type { Survey } from '../core/migration/survey.ts';
import type { Answer } from '../core/reply/reply.ts';
import type { ArchiveReader, RescueReader } from '../ports/archive.ts';
import { type Chat, ChatFailed, type MessageRef } from '../ports/chat.ts';
import type { Clock, Log, Notes, Turns } from '../ports/host.ts';
import type { HistoryReader } from '../ports/memory.ts';
import type { ProposalReader } from '../ports/store.ts';
import type { ObservedSidekiq } from './command.ts';
import { isGone } from './message-gone.ts';
import { freezeMigration, type MigrationNote, migrationId, thawMigration } from './migration-note.ts';
import { markOfShown } from './shown.ts';

/** Twelve polls, a minute as shipped: what changes over days needs no more. */
const LOOK_EVERY_POLLS = 12;
const SURVEY_MS = 4000;
/** A migration has few actions; older ones belong to another. */
const ACTIONS = 100;
const STEPS: readonly string[] = ['rescue', 'quiet-old'];

type Guided = ObservedSidekiq & {
  /** Jobs that were done in the last hour, by class; undefined without metrics. @throws {RedisUnavailable} */
  doneLastHour(): Promise<ReadonlyMap<string, number> | undefined>;
};

type Outside = {
  readonly chat: Chat;
  readonly notes: Notes;
  readonly store: ProposalReader &
    RescueReader &
    Pick<ArchiveReader, 'archiveTotals'> &
    Pick<HistoryReader, 'samples'>;
  readonly turns: Turns;
  readonly clock: Clock;
  readonly log: Log;
};

/**
 * Goes with a migration over days: it begins with the first step of one that people approved, in their channel. Its message
 * there is kept current, and each stage, each step back and the end are said once.
 */
export class MigrationGuide {
  readonly #sidekiq: Guided;
  readonly #outside: Outside;
  readonly #stop = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(sidekiq: Guided, outside: Outside) {
    this.#sidekiq = sidekiq;
    this.#outside = outside;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  /** One look: what is to be said is said. */
  async look(): Promise<void> {
    const { policy } = this.#sidekiq;
    if (!(await this.#outside.turns.tryHold(`migration/${policy.name}`))) return;
    const note = await this.#load();
    const step = note === undefined ? await this.#firstStep() : undefined;
    if (note === undefined && step === undefined) return;
    const survey = await this.#sidekiq.survey(SURVEY_MS);
    if (note !== undefined) return this.#goOn(note, survey);
    if (step !== undefined && isMigration(survey)) await this.#begin(step.channelId, survey);
  }

  async #run(): Promise<void> {
    const { clock, log } = this.#outside;
    const { policy } = this.#sidekiq;
    while (!this.#stop.signal.aborted) {
      await clock.wait(policy.pollMs * LOOK_EVERY_POLLS, this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      try {
        await this.look();
      } catch (error) {
        log.warn(
          { sidekiq: policy.name, err: error },
          'the migration could not be followed; it is tried again',
        );
      }
    }
  }

  async #begin(channel: string, survey: Survey): Promise<void> {
    const story = beginStory(survey, await this.#sidekiq.doneLastHour());
    const content = storyMessage(survey, story, undefined);
    const message = await this.#outside.chat.post(channel, content);
    await this.#save({ story, message, shown: markOfShown(content), summedAtMs: null });
  }

  async #goOn(note: MigrationNote, survey: Survey): Promise<void> {
    const { chat } = this.#outside;
    const { story, news } = stepStory(note.story, survey);
    // What was noted is not said again; a chat that fails at this moment costs one sentence, and the message has it all.
    await this.#save({ ...note, story });
    for (const one of news) await chat.post(note.message.channel, newsMessage(survey, one));
    // After its end the message stays as it was then.
    if (story.completedAtMs !== null && note.summedAtMs === story.completedAtMs) return;
    const deeds = story.completedAtMs === null ? undefined : await this.#deeds(story, story.completedAtMs);
    const content = storyMessage(survey, story, deeds);
    const shown = markOfShown(content);
    if (shown === note.shown) return;
    const message = await this.#show(note.message, content);
    await this.#save({ story, message, shown, summedAtMs: story.completedAtMs });
  }

  /** In its message; in a new one where that was deleted, for the story goes on. */
  async #show(message: MessageRef, content: Answer): Promise<MessageRef> {
    const { chat } = this.#outside;
    try {
      await chat.update(message, content);
      return message;
    } catch (error) {
      if (!isGone(error)) throw error;
    }
    try {
      return await chat.post(message.channel, content);
    } catch (error) {
      // It may stand there: posting it again at each look would be worse than one that nobody edits.
      if (error instanceof ChatFailed && error.code === 'outcome_unknown') return message;
      throw error;
    }
  }

  /** The newest step that was approved and begun. */
  async #firstStep(): Promise<Proposal | undefined> {
    const proposals = await this.#outside.store.proposals({ limit: ACTIONS });
    return proposals.find((proposal) => this.#isStep(proposal));
  }

  #isStep(proposal: Proposal): boolean {
    const { plan } = proposal;
    const isOurs = plan.sidekiq === this.#sidekiq.policy.name && STEPS.includes(plan.action);
    return isOurs && isIn(proposal, 'executing', 'interrupted', 'done', 'stopped');
  }

  async #deeds(story: Story, endMs: number): Promise<Deeds> {
    const { store } = this.#outside;
    const tally = new RescuedTally();
    let archived = 0;
    for (const proposal of await store.proposals({ limit: ACTIONS })) {
      // The first step was asked for before the story began.
      const isOfStory = proposal.proposedAtMs >= story.beganAtMs - ASKED_BEFORE_MS;
      if (!isOfStory || !this.#isStep(proposal)) continue;
      for await (const part of store.rescuedJobs(proposal.id)) tally.add(part);
      for (const total of await store.archiveTotals(proposal.id)) archived += total.archived;
    }
    return { rescued: tally.totals(), archived, fared: await this.#fared(story, endMs) };
  }

  async #fared(story: Story, endMs: number): Promise<Fared> {
    const { store } = this.#outside;
    const { name } = this.#sidekiq.policy;
    const { resolution, before, since } = faredRanges(story, endMs);
    return {
      doneNow: await this.#sidekiq.doneLastHour(),
      before: await store.samples(name, resolution, [before]),
      since: await store.samples(name, resolution, [since]),
    };
  }

  async #load(): Promise<MigrationNote | undefined> {
    return thawMigration(await this.#outside.notes.load(migrationId(this.#sidekiq.policy.name)));
  }

  async #save(note: MigrationNote): Promise<void> {
    await this.#outside.notes.save(migrationId(this.#sidekiq.policy.name), freezeMigration(note));
  }
}

/** Proposals wait minutes for approval, not days. */
const ASKED_BEFORE_MS = 24 * 3_600_000;

/** A rescue alone is none: there must be a sign of super_fetch, or of the fetcher that it replaces. */
function isMigration({ stage, processes, lists }: Survey): boolean {
  const isOld = processes.some(({ fetch }) => fetch.strategy === 'reliable_fetch');
  return stage.withSuperFetch > 0 || isOld || lists.some(isOfReliableFetch);
}
