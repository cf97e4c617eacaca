import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { FileChange, TestRepo } from '../../test/support/git.js';
import { Checkout } from './checkout.js';
import { timed } from './measure.js';
import { expectPushed } from './pushed.js';
import type { BenchSlipway, BuildAnswer } from './slipway.js';
import { changedFile } from './sources.js';
import type { BenchStage } from './stage.js';

type Files = Readonly<Record<string, FileChange>>;

/** Folder of the service that is pushed. */
export const servicePath = 'services/s0';

const peerBranch = 'beside';
const calm = 700;

/** One service of one repository, built by Slipway and, beside it, by Docker's client from a checkout. */
export class Contest {
  private constructor(
    private readonly stage: BenchStage,
    private readonly repo: TestRepo,
    readonly slipway: BenchSlipway,
    private readonly checkout: Checkout,
    /** Of Slipway's image; the others' names end so. */
    private readonly image: string,
  ) {}

  static async open(
    stage: BenchStage,
    repo: TestRepo,
    others: Readonly<Record<string, object>> = {},
  ): Promise<Contest> {
    const image = repo.name.replace('/', '-');
    const services = { ...others, [image]: { repository: repo.name, path: servicePath } };
    const slipway = await stage.slipway({ name: image, services });
    // Of no concern to Slipway: what it built as well would be in the engine's cache, or would keep the engine busy.
    await repo.branch(peerBranch, (await repo.tip('main')) ?? '');
    const folder = join(stage.dir, `${image}-checkout`);
    const checkout = await Checkout.clone(folder, stage.cloneUrl, repo.name, peerBranch);
    return new Contest(stage, repo, slipway, checkout, image);
  }

  /** From the signed webhook until the one build that it leads to has succeeded. */
  async bySlipway(files: Files, outcome = 'built'): Promise<{ readonly ms: number; readonly build: BuildAnswer }> {
    // The end of the build before is looked at, and would find this push before its webhook does.
    await pause(calm);
    const { ms, builds } = await this.slipway.pushed(this.repo.name, await this.repo.commit({ files }));
    const [build, ...others] = builds;
    if (build?.outcome !== outcome || others.length > 0) throw new Error(`The push led to ${JSON.stringify(builds)}`);
    return { ms, build };
  }

  /** Build and push by Docker's client, with the checkout brought up to date before. */
  async byClient(files: Files, tag: string): Promise<number> {
    await this.repo.commit({ files, branch: peerBranch });
    await this.checkout.update();
    return this.#pushChecked(this.checkout, 'client', tag);
  }

  /** The script of a classic job: clone, build, push. */
  async byScript(files: Files, tag: string): Promise<number> {
    await this.repo.commit({ files, branch: peerBranch });
    const folder = join(this.stage.dir, `${this.image}-clone`);
    const time = await timed(async () => {
      const clone = await Checkout.clone(folder, this.stage.cloneUrl, this.repo.name, peerBranch);
      await this.#pushChecked(clone, 'script', tag);
    });
    new Checkout(folder, peerBranch).remove();
    return time;
  }

  #pushChecked(checkout: Checkout, by: 'client' | 'script', tag: string): Promise<number> {
    const { docker, registry } = this.stage;
    const name = `${registry}/${by}-${this.image}:${tag}`;
    return timed(() =>
      docker.buildAndPush({ folder: join(checkout.folder, servicePath), dockerfile: 'Dockerfile', name }),
    );
  }

  /** Fails unless the image in the registry holds the content that was pushed. */
  async expect(by: 'slipway' | 'client' | 'script', tag: string, content: string): Promise<void> {
    const repository = by === 'slipway' ? this.image : `${by}-${this.image}`;
    await expectPushed({ host: this.stage.registry, repository, tag }, 'app/src/changed.txt', content);
  }

  async close(): Promise<void> {
    await this.slipway.stop();
    this.checkout.remove();
  }
}

/** A push that changes one file. Each way has content of its own: what one has built is no help for the others. */
export const oneFile = (content: string): Files => ({ [changedFile(servicePath)]: content });
