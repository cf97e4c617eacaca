/** The real parts that the scenarios of one file share: a git host, a registry with a password, the engine and a base image on it. */
import Docker from 'dockerode';
import { makeBaseImage } from './base-image.js';
import { engineHost } from './engine.js';
import { startTestGitHost, type TestGitHost, type TestRepo } from './git.js';
import { pushedImage, pushedTags, type PushedImage } from './pushed-image.js';
import { registryUser, startRegistry, type RunningRegistry } from './registry.js';
import { TestSlipway, until, type BuildRow, type DecisionRow, type TestSlipwayOptions } from './slipway.js';

export interface Stage {
  readonly host: TestGitHost;
  readonly registry: RunningRegistry;
  /** Name of an image with a shell. */
  readonly base: string;
  repo(name: string): Promise<TestRepo>;
  /** A Slipway of its own on these parts, closed with the stage. */
  slipway(options: StageOptions): Promise<TestSlipway>;
  /** The same, written down and not started. */
  prepared(options: StageOptions): Promise<TestSlipway>;
  pushed(repository: string, reference: string): Promise<PushedImage>;
  tags(repository: string): Promise<readonly string[]>;
  /** Names of the engine's images that begin so. */
  onEngine(prefix: string): Promise<readonly string[]>;
  /** Takes the images whose names begin so from the engine. */
  forget(prefix: string): Promise<void>;
  close(): Promise<void>;
}

export type StageOptions = Pick<TestSlipwayOptions, 'services'> & Partial<TestSlipwayOptions>;

export async function openStage(): Promise<Stage> {
  const base = await makeBaseImage();
  const host = await startTestGitHost();
  const registry = await startRegistry(registryUser);
  const opened: TestSlipway[] = [];
  const prepared = async (options: StageOptions): Promise<TestSlipway> => {
    const common = { host, registryHost: registry.host, registryUser, engineHost: engineHost() };
    const slipway = await TestSlipway.create({ ...common, ...options });
    opened.push(slipway);
    return slipway;
  };
  return {
    host,
    registry,
    base: base.name,
    repo: (name) => host.repo(name),
    prepared,
    async slipway(options) {
      const slipway = await prepared(options);
      await slipway.start();
      return slipway;
    },
    pushed: (repository, reference) => pushedImage(registry.host, repository, reference),
    tags: (repository) => pushedTags(registry.host, repository),
    onEngine: imageNames,
    forget: forgetImages,
    async close() {
      await Promise.all(opened.map((slipway) => slipway.close()));
      await base.remove();
      await forgetImages(`${registry.host}/`);
      await registry.close();
      await host.close();
    },
  };
}

const docker = () => new Docker({ socketPath: engineHost().replace('unix://', '') });

async function imageNames(prefix: string): Promise<readonly string[]> {
  const images = await docker().listImages();
  return images.flatMap(({ RepoTags }) => RepoTags ?? []).filter((name) => name.startsWith(prefix));
}

async function forgetImages(prefix: string): Promise<void> {
  for (const name of await imageNames(prefix)) {
    await docker()
      .getImage(name)
      .remove()
      .catch(() => undefined);
  }
}

/** The build of the only decision there is, once it has succeeded and everything that follows from its end is done. */
export async function succeeded(slipway: TestSlipway, decisions: readonly DecisionRow[]): Promise<BuildRow> {
  expect(decisions).toMatchObject([{ decision: 'build' }]);
  return success(slipway, decisions[0]?.buildId ?? null);
}

/** The same for a build whose id is known. */
export async function success(slipway: TestSlipway, id: string | null): Promise<BuildRow> {
  const build = await slipway.ended(id);
  expect(build).toMatchObject({ status: 'succeeded', error: null });
  await slipway.quiet();
  return build;
}

/** Resolves when the build's log has the words. */
export async function says(slipway: TestSlipway, id: string | null, words: string): Promise<void> {
  let log = '';
  const said = async () => (log = await slipway.logOf(id)).includes(words);
  await until(`build ${id} to say ${words}`, said).catch((cause: unknown) => {
    throw new Error(`The build does not say ${words}, but:\n${log}`, { cause });
  });
}
