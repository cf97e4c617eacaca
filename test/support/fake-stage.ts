/** Slipways on a real store with git host, engine and registry in memory: whole stories in a fraction of a second. */
import { jest } from '@jest/globals';
import type { CommitRequest, FileChange, TestRepo } from './git.js';
import { createFakes, type Fakes } from './fakes.js';
import { leapClock, type LeapClock } from './leap-clock.js';
import { createMemoryHost, type StageRepo } from './memory-host.js';
import { TestSlipway, until, type BuildRow, type DecisionRow, type TestSlipwayOptions } from './slipway.js';

/** The smallest Dockerfile that takes the whole context. */
export const dockerfile = 'FROM scratch\nCOPY . /\n';

/** How often Slipway looks on its own where a test lets it. */
export const sweepMs = 300_000;

export type StageOptions = Partial<TestSlipwayOptions> & { readonly clock?: LeapClock };

/** A Slipway with the repository `abc/app`, in which by default the service `app` lives. */
export class FakeStage<Repo extends StageRepo = StageRepo> {
  private constructor(
    readonly slipway: TestSlipway,
    /** Makes a repository, or opens it. */
    readonly repoOf: (name: string) => Promise<Repo>,
    readonly repo: Repo,
    readonly fakes: Fakes,
    readonly clock: LeapClock,
  ) {}

  static async open(options: StageOptions): Promise<FakeStage> {
    const memory = createMemoryHost();
    return FakeStage.#start({ ...options, memory }, async (_, name) => memory.repo(name));
  }

  static openOnGit(options: StageOptions): Promise<FakeStage<TestRepo>> {
    return FakeStage.#start(options, (slipway, name) => slipway.repo(name));
  }

  static async #start<Repo extends StageRepo>(
    { clock = leapClock(), ...options }: StageOptions,
    open: (slipway: TestSlipway, name: string) => Promise<Repo>,
  ): Promise<FakeStage<Repo>> {
    const fakes = createFakes();
    const { host, engine, registry } = fakes;
    const services = { app: { repository: 'abc/app', version: { value: '1.0' } } };
    const slipway = await TestSlipway.start({ services, registryHost: host, engine, registry, clock, ...options });
    const repoOf = (name: string) => open(slipway, name);
    const stage = new FakeStage(slipway, repoOf, await repoOf('abc/app'), fakes, clock);
    if (options.config?.['sweep'] !== undefined) await stage.swept();
    return stage;
  }

  /** A push of one commit on top of the branch (`main`), delivered; resolves with what was decided. */
  async push(files: Readonly<Record<string, FileChange>>, more: Partial<CommitRequest> = {}): Promise<DecisionRow[]> {
    await this.repo.commit({ files, ...more });
    return this.deliver(more.branch ?? 'main');
  }

  /** Delivers a push of what the branch is now. */
  async deliver(branch = 'main'): Promise<DecisionRow[]> {
    const after = await this.tip(branch);
    return this.slipway.push('abc/app', branch, { after });
  }

  async tip(branch = 'main'): Promise<string> {
    const tip = await this.repo.tip(branch);
    if (tip === null) throw new Error(`there is no branch ${branch}`);
    return tip;
  }

  /** The first push, built: every service has an image of `main`. Resolves with the commit. */
  async begin(files: Readonly<Record<string, FileChange>> = {}): Promise<string> {
    await this.push({ 'docker/Dockerfile': dockerfile, 'src/a.txt': '1', ...files });
    await this.slipway.quiet();
    return this.tip();
  }

  /** Lets the time of a sweep come, and waits for what follows from it. */
  async sweep(): Promise<void> {
    await this.swept();
    this.clock.leap(sweepMs);
    await this.swept();
  }

  /** Resolves when the sweep is over that is under way, the one at start-up for example, and everything is quiet. */
  async swept(): Promise<void> {
    await until('the sweep to be over', async () => this.clock.sleeping.includes(sweepMs));
    await this.slipway.quiet();
  }

  readonly until = until;

  /** The commit that an image was made from. */
  madeFrom(tag: string, image = 'app'): string | null {
    return this.fakes.behind(image, tag)?.request.labels['org.opencontainers.image.revision'] ?? null;
  }

  /** Keeps builds from going further than their start on the engine. */
  hold(): void {
    this.fakes.engine.hold();
  }

  /** Lets them go on, and waits for all that follows. */
  async release(): Promise<void> {
    this.fakes.engine.release();
    await this.slipway.quiet();
  }

  /** The build that was decided on, once the engine works on it. */
  async underway(rows: readonly DecisionRow[]): Promise<string> {
    const [id = ''] = rows.flatMap(({ buildId }) => (buildId === null ? [] : [buildId]));
    const line = `build slipway-build:${id}`;
    await until(`build ${id} to be on the engine`, async () => this.fakes.engine.transcript.includes(line));
    return id;
  }

  /** All builds, oldest first. */
  async builds(query = ''): Promise<BuildRow[]> {
    return (await this.slipway.builds(query)).reverse();
  }

  /** The only build of a plan, once it has ended. */
  async ended(rows: readonly DecisionRow[]): Promise<BuildRow> {
    const [id] = rows.flatMap(({ buildId }) => (buildId === null ? [] : [buildId]));
    return this.slipway.ended(id ?? null);
  }
}

/** Opens stages that are closed after the test they were opened in. */
export const useFakeStage = (): ((options?: StageOptions) => Promise<FakeStage>) =>
  closedAfterEach((options) => FakeStage.open(options));

/** The same on real git, for what the host in memory cannot show. */
export const useGitStage = (): ((options?: StageOptions) => Promise<FakeStage<TestRepo>>) =>
  closedAfterEach((options) => FakeStage.openOnGit(options));

function closedAfterEach<Stage extends FakeStage>(open: (options: StageOptions) => Promise<Stage>) {
  // A story is a dozen looks and builds.
  jest.setTimeout(120_000);
  const opened: Stage[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(({ slipway }) => slipway.close()));
  });
  return async (options: StageOptions = {}): Promise<Stage> => {
    const stage = await open(options);
    opened.push(stage);
    return stage;
  };
}

/** `build first-build`, `skip no-change`, as the ledger has them. */
export const said = (rows: readonly DecisionRow[]): string[] =>
  rows.map(({ decision, reason }) => `${decision} ${reason.code}`);
