/** Where the pushes of docs/decisions-explained.md are played: real git repositories, a store, a central folder. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { GitHost } from '../../src/git/contract.js';
import { createGitHost } from '../../src/git/host/host.js';
import type { Artifact } from '../../src/model/artifact.js';
import type { Inputs } from '../../src/model/inputs.js';
import type { Service } from '../../src/model/service.js';
import { createFolderCentral } from '../../src/image/packaging/central.js';
import { openPackaging, type PackagingReader } from '../../src/decide/packaging-reader.js';
import type { Store } from '../../src/store/contract.js';
import { quietLog, realClock } from '../git/surroundings.js';
import { must, newBuild, queueBuild, succeed } from '../support/app.js';
import { createRepo, type TestRepo } from '../support/git.js';
import { openTempStore, type TempStore } from '../support/store.js';
import { inlineReading } from '../support/reading.js';

const dockerfile = 'FROM debian:12-slim\nCOPY src src\n';

/** What is in the repositories before the push. */
export const beginning: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'abc/shop': {
    'README.md': 'text\n',
    'services/web/README.md': 'text\n',
    'services/web/docker/Dockerfile': dockerfile,
    'services/web/src/basket.js': 'text\n',
    'services/orders/src/main.js': 'text\n',
  },
  'abc/billing': { 'docker/Dockerfile': 'FROM debian:12-slim\n', 'pom.xml': 'text\n', 'src/Bill.java': 'text\n' },
};

export const centralDockerfile = dockerfile;

/** A commit that no repository has. */
const unknownCommit = 'dead'.repeat(10);

export class WalkStage {
  readonly #repos = new Map<string, TestRepo>();
  readonly git: GitHost;

  private constructor(
    readonly folder: string,
    readonly temp: TempStore,
    readonly services: Map<string, Service>,
  ) {
    this.git = createGitHost({
      cloneUrl: `file://${folder}/git/{repository}.git`,
      token: null,
      dir: join(folder, 'mirrors'),
      env: process.env,
      clock: realClock,
      log: quietLog,
    });
  }

  static async open(services: ReadonlyMap<string, Service>): Promise<WalkStage> {
    const folder = await mkdtemp(join(tmpdir(), 'slipway-walk-'));
    const stage = new WalkStage(folder, await openTempStore(), new Map(services));
    await mkdir(join(folder, 'git'));
    for (const [name, files] of Object.entries(beginning)) {
      const repo = await createRepo({ root: join(folder, 'git') }, name);
      await repo.commit({ files, message: 'Begin' });
      stage.#repos.set(name, repo);
    }
    await stage.writeCentral('orders/Dockerfile', centralDockerfile);
    return stage;
  }

  async close(): Promise<void> {
    await this.temp.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  get store(): Store {
    return this.temp.store;
  }

  repo(name: string): TestRepo {
    return must(this.#repos.get(name));
  }

  async writeCentral(path: string, text: string): Promise<void> {
    const file = join(this.folder, 'dockerfiles', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  /** The packaging as it is now, with every commit in the mirrors. */
  async packaging(): Promise<PackagingReader> {
    for (const name of this.#repos.keys()) {
      const { remote } = this.git.mirror(name);
      await remote.fetch([...(await remote.refs()).heads.values()]);
    }
    const central = () => createFolderCentral(join(this.folder, 'dockerfiles'), true);
    return openPackaging({ git: this.git, central, reading: inlineReading });
  }

  /** What a decision is made with. */
  get evaluating() {
    const { git, store } = this;
    return { git, store, log: quietLog, services: () => this.services, registryHost: 'registry.abc.net' };
  }

  /** Gives every service an image of the tip of `main`, or of a commit that is no longer in its repository. */
  async buildAll(which: 'tip' | 'gone'): Promise<void> {
    const packaging = await this.packaging();
    for (const service of this.services.values()) {
      const { name, repository, settingsFingerprint: settings } = service;
      const head = must(await this.repo(repository).tip('main'));
      const { key } = await packaging.at(service, head, 'main');
      const inputs: Inputs = { head, packaging: key, settings, bases: {} };
      const commit = which === 'tip' ? head : unknownCommit;
      await queueBuild(this.store, newBuild({ service: name, repository, commit, inputs }));
      await succeed(this.store);
    }
  }

  async receiveArtifact(service: string): Promise<void> {
    const commit = must(await this.repo(must(this.services.get(service)).repository).tip('main'));
    const file = { sha256: '0', size: 1, file: 'artifacts/jar', receivedAt: 1 };
    const artifact: Artifact = { id: 'jar', service, branch: 'main', commit, version: null, ...file };
    await this.store.artifacts.add(artifact);
  }
}
