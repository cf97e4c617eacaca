/** Plays the `push` blocks of docs/decisions-explained.md and tells what Slipway decides, in the words of its API. */
import type { Decision } from '../../src/model/decision.js';
import type { Service } from '../../src/model/service.js';
import { evaluate } from '../../src/decide/evaluate.js';
import { branchRef, tagRef } from '../../src/git-ref.js';
import { must } from '../support/app.js';
import { beginning, centralDockerfile, WalkStage } from './walk-stage.js';

/** Follows the lines of a block from where every service has an image of `main`; one sentence for each decision. */
export async function play(block: string, services: ReadonlyMap<string, Service>): Promise<readonly string[]> {
  const stage = await WalkStage.open(services);
  try {
    const lines = block.split('\n').filter((line) => line !== '');
    const player = new Player(stage);
    for (const line of lines) await player.follow(line);
    return (await player.decisions()).map(
      ({ service, decision, reason }) => `${decision} ${service}: ${reason.code}. ${reason.message}`,
    );
  } finally {
    await stage.close();
  }
}

class Player {
  #repository = 'abc/shop';
  #ref: { readonly kind: 'branch' | 'tag'; readonly name: string } = { kind: 'branch', name: 'main' };
  #files: Record<string, string | null> = {};
  #edits = 0;

  constructor(readonly stage: WalkStage) {}

  async follow(line: string): Promise<void> {
    const [verb = '', ...words] = line.split(' ');
    const act = this.#verbs[verb];
    if (!act) throw new Error(`nobody knows what "${line}" means`);
    await act(words);
  }

  /** Each verb with what follows it on its line. */
  readonly #verbs: Readonly<Record<string, (words: string[]) => Promise<void> | void>> = {
    built: async ([what]) => {
      if (what === 'main') await this.stage.buildAll('tip');
      else if (what === 'a-lost-commit') await this.stage.buildAll('gone');
    },
    artifact: async ([service]) => this.stage.receiveArtifact(must(service)),
    in: ([repository]) => void (this.#repository = must(repository)),
    edit: ([path]) => void (this.#files[must(path)] = `text ${(this.#edits += 1)}\n`),
    restore: ([path]) => void (this.#files[must(path)] = must(beginning[this.#repository]?.[must(path)])),
    move: ([from, _to, to]) => void Object.assign(this.#files, { [must(from)]: null, [must(to)]: 'text\n' }),
    commit: async (words) => this.#commit(words.join(' ')),
    branch: async ([name]) => this.#branch(must(name)),
    tag: async ([name]) => this.#tag(must(name)),
    central: async ([path]) => this.stage.writeCentral(must(path), `${centralDockerfile}USER 65534\n`),
    copy: ([path]) => void (this.#files[must(path)] = centralDockerfile),
    setting: ([service]) => this.#changeSetting(must(service)),
  };

  async #commit(message: string): Promise<void> {
    const { name } = this.#ref;
    await this.stage.repo(this.#repository).commit({ files: this.#files, message, branch: name });
    this.#files = {};
  }

  async #branch(name: string): Promise<void> {
    const repo = this.stage.repo(this.#repository);
    await repo.branch(name, must(await repo.tip(this.#ref.name)));
    this.#ref = { kind: 'branch', name };
  }

  async #tag(name: string): Promise<void> {
    const repo = this.stage.repo(this.#repository);
    await repo.tag(name, must(await repo.tip('main')));
    this.#ref = { kind: 'tag', name };
  }

  #changeSetting(name: string): void {
    const service = must(this.stage.services.get(name));
    this.stage.services.set(name, { ...service, settingsFingerprint: 'changed' });
  }

  async decisions(): Promise<readonly Decision[]> {
    const { stage } = this;
    const { kind, name } = this.#ref;
    const head = must(await stage.repo(this.#repository).tip(kind === 'tag' ? 'main' : name));
    const packaging = await stage.packaging();
    const decided: Decision[] = [];
    for (const service of stage.services.values()) {
      if (service.repository !== this.#repository) continue;
      const request = { service, head, forced: null };
      const ref = kind === 'tag' ? tagRef(name) : branchRef(name);
      const { decision } = await evaluate({ ...request, ref }, packaging, stage.evaluating);
      decided.push(decision);
    }
    return decided;
  }
}
