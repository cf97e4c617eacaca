import type { BuildEvent } from '../engine/contract.js';
import type { Artifact, DockerfilePlace, Inputs } from '../model.js';
import type { KnownImage } from '../store/contract.js';
import { SlipwayError } from '../errors.js';
import type { PipelineDeps } from './deps.js';
import type { Source } from './fetch/source.js';
import { prepareContext, type PreparedContext } from './image/context.js';
import { readDockerfile, type DockerfileReading } from './image/dockerfile.js';
import { fingerprintOf, reuseHindrance } from './image/fingerprint.js';
import { imageLabels } from './image/labels.js';
import { packagingAt, type Packaging } from './image/packaging.js';
import type { RunningBuild } from './run-build.js';

export interface ImageRequest {
  readonly source: Source;
  readonly inputs: Inputs;
  /** `{version}-{count}-{sha}`. */
  readonly versionTag: string;
}

export type MadeImage =
  | { readonly reused: KnownImage; readonly fingerprint: string }
  | {
      readonly reused: null;
      /** On the engine. */
      readonly imageId: string;
      readonly fingerprint: string;
      /** Takes names from the engine that nobody needs once the image is in the registry. */
      readonly tidy: (tags: readonly string[]) => Promise<void>;
    };

/** Everything the engine is told, and what it is all made from. */
interface Recipe {
  readonly packaging: Packaging;
  readonly reading: DockerfileReading;
  readonly context: PreparedContext;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly fingerprint: string;
  /** Why no existing image may stand for this one; null where one may. */
  readonly hindrance: string | null;
}

/** Finds or makes the image: an existing one of equal inputs where that is allowed, else a build on the engine. */
export async function makeImage(running: RunningBuild, request: ImageRequest, deps: PipelineDeps): Promise<MadeImage> {
  const { build, service, journal, signal } = running;
  const recipe = await journal.during('prepare', () => prepare(running, request, deps));
  const { fingerprint } = recipe;
  await deps.store.queue.progress(build.id, { dockerfile: recipe.packaging.place, fingerprint });
  signal.throwIfAborted();
  const reused = await findReusable(running, recipe, deps);
  if (reused) return { reused, fingerprint };
  const kept = await finishedEarlier(running, fingerprint, deps);
  const imageId = kept ?? (await journal.during('build', () => buildOnEngine(running, request, recipe, deps)));
  if (kept) journal.line('The image was finished by the attempt before; it is not built again.');
  else await deps.store.queue.progress(build.id, { engineImage: imageId });
  return { reused: null, imageId, fingerprint, tidy: (tags) => tidy(running, imageId, tags, service.image, deps) };
}

async function prepare(
  { build, service, journal, signal }: RunningBuild,
  request: ImageRequest,
  deps: PipelineDeps,
): Promise<Recipe> {
  const { engine, git } = deps;
  const { tree } = git.mirror(build.repository);
  const central = await deps.central().current();
  const packaging = await packagingAt({ service, commit: build.commit, tree, central });
  journal.line(`Dockerfile: ${describePlace(packaging.place)}`);
  await Promise.all(Object.keys(request.inputs.bases).map((reference) => engine.images.pull(reference, signal)));
  const first = readDockerfile(packaging.text, { buildArgs: service.buildArgs, target: service.target });
  const bases = await resolveBases(first.bases, deps);
  const artifact = await artifactOf(build.artifactId, service.artifact, service.trigger === 'artifact', deps);
  const onbuild = [...bases.values()].every((base) => base?.onbuild === false) ? 'none' : 'unknown';
  const context = await prepareContext({
    service,
    commit: build.commit,
    tree,
    packaging,
    sources: onbuild === 'none' ? first.sources : 'whole',
    artifact,
  });
  journal.line(`Context: ${context.context.entries.length} files (${context.scope}).`);
  const buildArgs = { ...filledArgs(first, request, build.branch), ...service.buildArgs };
  const digests = Object.fromEntries([...bases].map(([reference, base]) => [reference, base?.digest ?? null]));
  const fingerprint = fingerprintOf({
    entries: context.context.entries,
    dockerfile: packaging.text,
    target: service.target,
    buildArgs: declaredOnly(buildArgs, first),
    bases: digests,
    platform: null,
  });
  return { packaging, reading: first, context, buildArgs, fingerprint, hindrance: reuseHindrance(first, digests) };
}

const describePlace = ({ source, path, commit }: DockerfilePlace): string =>
  `${path} (${source}${commit === null ? '' : ` at ${commit.slice(0, 7)}`})`;

async function resolveBases(references: readonly string[], { engine }: PipelineDeps) {
  const resolved = await Promise.all(
    references.map(async (reference) => [reference, await engine.images.resolveBase(reference)] as const),
  );
  return new Map(resolved);
}

/** ARGs that a Dockerfile may declare to be told what it is building. */
function filledArgs(
  reading: DockerfileReading,
  { source, versionTag }: ImageRequest,
  branch: string,
): Record<string, string> {
  const known: Record<string, string> = {
    SLIPWAY_VERSION: versionTag,
    SLIPWAY_COMMIT: source.commit.sha,
    SLIPWAY_BRANCH: branch,
  };
  return Object.fromEntries(Object.entries(known).filter(([name]) => reading.args.includes(name)));
}

const declaredOnly = (args: Readonly<Record<string, string>>, { args: declared }: DockerfileReading) =>
  Object.fromEntries(Object.entries(args).filter(([name]) => declared.includes(name)));

async function artifactOf(id: string | null, path: string | null, required: boolean, { store, dataDir }: PipelineDeps) {
  const artifact: Artifact | null = id === null ? null : await store.artifacts.get(id);
  if (artifact && path !== null) {
    return { path, file: `${dataDir}/${artifact.file}`, sha256: artifact.sha256, size: artifact.size };
  }
  if (!required) return null;
  throw new SlipwayError('artifact-missing', 'The service is built from an artifact and there is none for the branch.');
}

async function findReusable(
  { build, service, journal }: RunningBuild,
  recipe: Recipe,
  deps: PipelineDeps,
): Promise<KnownImage | null> {
  const { store, registry, clock } = deps;
  if (build.fresh || build.noCache || service.reuse === false) return null;
  if (recipe.hindrance !== null) {
    journal.line(`No existing image can be reused: ${recipe.hindrance}`);
    return null;
  }
  const oldest = typeof service.reuse === 'number' ? clock.now() - service.reuse : 0;
  for (const image of await store.images.withFingerprint(service.name, recipe.fingerprint)) {
    if (image.repository !== service.image || image.builtAt < oldest) continue;
    if ((await registry.manifest(image.repository, image.digest)) === null) continue;
    journal.line(`Equal inputs: reusing ${image.digest} of build ${image.buildId}.`);
    return image;
  }
  return null;
}

/** The image of an earlier attempt, where that finished with the same inputs and the engine still has it. */
async function finishedEarlier(
  { build }: RunningBuild,
  fingerprint: string,
  { engine }: PipelineDeps,
): Promise<string | null> {
  if (build.engineImage === null || build.fingerprint !== fingerprint) return null;
  return engine.images.find(build.engineImage);
}

async function buildOnEngine(
  { build, service, journal, signal }: RunningBuild,
  { source, versionTag }: ImageRequest,
  { packaging, context, buildArgs, fingerprint }: Recipe,
  { engine, sourceUrl }: PipelineDeps,
): Promise<string> {
  const labels = imageLabels({
    service: service.name,
    branch: build.branch,
    commit: build.commit,
    commitTime: source.commit.time,
    version: versionTag,
    repositoryUrl: sourceUrl(build.repository),
    place: packaging.place,
    fingerprint,
  });
  const { imageId } = await engine.builder.build(
    {
      buildId: build.id,
      context: context.context,
      dockerfile: context.dockerfile,
      target: service.target,
      buildArgs,
      labels,
      tag: buildName(build.id),
      noCache: build.noCache,
    },
    (event) => writeEvent(event, journal),
    signal,
  );
  return imageId;
}

/** Keeps a finished image from being taken for a leftover until it is in the registry. */
const buildName = (buildId: string): string => `slipway-build:${buildId}`;

function writeEvent(event: BuildEvent, journal: RunningBuild['journal']): void {
  if (event.kind === 'output') return journal.line(event.line.text);
  const quiet = event.step.startsWith('[internal]');
  if (event.kind === 'step-started') {
    if (!quiet) journal.startStep(event.step);
    return journal.line(`=> ${event.step}`);
  }
  if (!quiet) journal.finishStep(event.step);
  if (event.cached) journal.line(`=> ${event.step} CACHED`);
  if (event.error !== null) journal.line(`=> ${event.step} ERROR: ${event.error}`);
}

/** The branch's newest image stays on the engine under its branch tag; what that replaces is dangling and goes with the next clean-up. */
async function tidy(
  { build, journal }: RunningBuild,
  imageId: string,
  tags: readonly string[],
  image: string,
  deps: PipelineDeps,
) {
  const { engine, registryHost, log } = deps;
  const [versionName, ...further] = tags.map((tag) => `${registryHost}/${image}:${tag}`);
  try {
    for (const name of further) await engine.images.tag(imageId, name);
    for (const name of [buildName(build.id), versionName]) if (name !== undefined) await engine.images.remove(name);
  } catch (error) {
    log.warn({ err: error, build: build.id }, 'names of a finished build stay on the engine');
  }
  await journal.flush();
}
