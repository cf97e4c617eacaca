import { MemoryStage, SWEEP_MS, type HeardPush } from '../../support/memory-stage.js';
import type { MemoryRepository } from '../../support/memory-git.js';
import { SlipwayError } from '../../../src/errors.js';
import { turn } from '../../support/wire.js';
import type { Command, Hearing, Scene } from './commands.js';
import { Watch } from './watch.js';
import { BRANCHES, firstRepositories, servicesWith, SERVICES, type RepositoryName } from './world.js';

const NO_COMMIT = '0'.repeat(40);
const BRANCH_TAGS: readonly string[] = BRANCHES.map((name) => name.replace('/', '-'));

type Doing<What extends Command['do']> = Extract<Command, { do: What }>;

/** A Slipway that things happen to. */
export class Story {
  readonly repositories = firstRepositories();
  readonly watch = new Watch();
  /** The build argument that `api` is given. */
  argument = 'first';
  /** When the world was changed last. */
  changedAt = 0;
  #kills = 0;
  #services = servicesWith(this.argument);
  readonly #heard: HeardPush[] = [];
  /** Tags that are written once, as they were seen first. */
  readonly #written = new Map<string, string>();

  private constructor(private readonly opened: { stage: MemoryStage | null }) {}

  static async begin(): Promise<Story> {
    const opened: { stage: MemoryStage | null } = { stage: null };
    const story = new Story(opened);
    opened.stage = await MemoryStage.open({
      repositories: story.repositories,
      central: 'abc/dockerfiles',
      services: () => story.#services,
      watched: story.watch.over,
    });
    await story.stage.start();
    return story;
  }

  get stage(): MemoryStage {
    if (this.opened.stage === null) throw new Error('not begun');
    return this.opened.stage;
  }

  repository(name: RepositoryName): MemoryRepository {
    const found = this.repositories.get(name);
    if (!found) throw new Error(`There is no ${name}.`);
    return found;
  }

  async play(scenes: readonly Scene[]): Promise<void> {
    for (const scene of scenes) {
      await this.#happens(scene);
      if (scene.turns === null) await this.stage.rest();
      else for (let left = scene.turns; left > 0; left -= 1) await turn();
      this.#checkTags();
    }
  }

  /** Nothing is held up or fails any more, and all that was begun comes to its end. */
  async whenIdle(): Promise<void> {
    this.stage.wire.faults = [];
    this.stage.fakes.engine.release();
    await this.stage.quiet();
    this.#checkTags();
  }

  async sweep(): Promise<void> {
    this.stage.pass(SWEEP_MS + 60_000);
    await this.stage.quiet();
    this.#checkTags();
  }

  /** Tells of what a branch is now, as if it had been pushed a moment ago; resolves with the delivery's id. */
  async tell(repository: RepositoryName, branch: string): Promise<string> {
    const after = this.repository(repository).heads.get(branch) ?? NO_COMMIT;
    return this.#tellOf(repository, branch, NO_COMMIT, after, 'now');
  }

  async #happens(command: Command): Promise<void> {
    switch (command.do) {
      case 'push':
        return this.#push(command);
      case 'go back': {
        const commits = [...this.repository(command.repository).commits.keys()];
        const to = commits.at(-1 - (command.to % commits.length)) ?? NO_COMMIT;
        return this.#move(command, to);
      }
      case 'delete branch':
        return this.#move(command, null);
      case 'tell': {
        const heard = this.#heard.at(-1 - command.which);
        return heard && this.stage.hear(heard);
      }
      case 'fail':
        for (let left = command.times; left > 0; left -= 1) this.stage.wire.faults.push(command.fault);
        return;
      case 'hold':
        return this.stage.fakes.engine.hold();
      case 'release':
        return this.stage.fakes.engine.release();
      case 'sweep':
        return this.stage.pass(SWEEP_MS + 60_000);
      case 'wait':
        return this.stage.pass(command.seconds * 1000);
      case 'stop and start':
        await this.stage.stop();
        return this.stage.start();
      case 'kill and start':
        // What a third death happens to is set aside: see repeated-deaths.test.ts.
        this.#kills += 1;
        await (this.#kills <= 2 ? this.stage.kill() : this.stage.stop());
        return this.stage.start();
      case 'change settings':
        this.argument = this.argument === 'first' ? 'second' : 'first';
        this.#services = servicesWith(this.argument);
        this.changedAt = this.stage.now();
        return;
      case 'cancel':
      case 'retry':
        return this.#control(command);
      case 'rebuild':
        return this.#rebuild(command);
    }
  }

  async #push({ repository: name, branch, files, skipCi, onto, hearing }: Doing<'push'>): Promise<void> {
    const repository = this.repository(name);
    const commits = [...repository.commits.keys()];
    const before = repository.heads.get(branch);
    const parent = onto === null ? (before ?? repository.heads.get('main')) : commits.at(-1 - (onto % commits.length));
    const message = skipCi ? 'Change files [skip ci]' : 'Change files';
    const after = repository.commit(files, { branch, message, parents: parent === undefined ? [] : [parent] });
    await this.#tellOf(name, branch, before ?? NO_COMMIT, after, hearing);
  }

  async #move(command: Doing<'go back' | 'delete branch'>, to: string | null): Promise<void> {
    const { repository: name, branch, hearing } = command;
    const { heads } = this.repository(name);
    const before = heads.get(branch) ?? NO_COMMIT;
    if (before === (to ?? NO_COMMIT)) return;
    if (to === null) heads.delete(branch);
    else heads.set(branch, to);
    await this.#tellOf(name, branch, before, to ?? NO_COMMIT, hearing);
  }

  async #tellOf(
    repository: RepositoryName,
    branch: string,
    before: string,
    after: string,
    hearing: Hearing,
  ): Promise<string> {
    this.changedAt = this.stage.now();
    const heard = { id: `delivery-${this.#heard.length}`, repository, ref: `refs/heads/${branch}`, before, after };
    this.#heard.push(heard);
    if (hearing === 'now' || hearing === 'twice') await this.stage.hear(heard);
    if (hearing === 'twice') await this.stage.hear(heard);
    return heard.id;
  }

  async #control({ do: what, which }: Doing<'cancel' | 'retry'>): Promise<void> {
    const { items } = await this.stage.store.builds.page({ limit: 100, cursor: null });
    const isOpen = what === 'cancel';
    const fitting = items.filter(({ finishedAt }) => (finishedAt === null) === isOpen);
    const build = fitting[which % Math.max(1, fitting.length)];
    if (!build) return;
    const { operations } = this.stage;
    await (isOpen ? operations.cancel(build.id, 'ada') : operations.retry(build.id, 'ada')).catch(ignoreRefusal);
  }

  async #rebuild({ service, branch, commit: back }: Doing<'rebuild'>): Promise<void> {
    const repository = this.#services.get(service)?.repository;
    const commits = [...this.repository(repository as RepositoryName).commits.keys()];
    const commit = back === null ? null : (commits.at(-1 - (back % commits.length)) ?? null);
    const request = { service, branch, commit, noCache: false, by: 'ada' };
    await this.stage.operations.rebuild(request).catch(ignoreRefusal);
  }

  /** A version tag never changes its content. */
  #checkTags(): void {
    for (const service of SERVICES) {
      for (const [tag, digest] of Object.entries(this.stage.fakes.fake.state(service))) {
        if (BRANCH_TAGS.includes(tag)) continue;
        const name = `${service}:${tag}`;
        const first = this.#written.get(name) ?? digest;
        this.#written.set(name, first);
        if (first !== digest) this.watch.wrongs.push(`${name} changed its content`);
      }
    }
  }
}

/** What is asked of Slipway while the git host fails, or of a branch that is gone, is refused, and that is an answer. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof SlipwayError)) throw error;
}
