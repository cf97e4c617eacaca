import type { BuildEvent } from '../../engine/contract.js';
import { dockerfileDigest } from '../../image/dockerfile/misread.js';
import type { Manifest } from '../../registry/contract.js';
import type { KnownImage } from '../../store/contract.js';
import { engineName } from '../../queue/announce.js';
import { learn } from './attempt.js';
import { cacheSource } from './cache-source.js';
import type { BuildDeps } from './deps.js';
import { imageLabels } from './labels.js';
import { startTagLookup, type TagLookup } from '../publish/tag-lookup.js';
import { reportMisread } from './report-misread.js';
import { prepareRecipe, type ImageRequest, type Recipe } from './recipe.js';
import { isInstruction } from '../../image/dockerfile/step-lines.js';
import type { StepAbout } from '../report/journal.js';
import type { RunningBuild } from './running-build.js';

export type MadeImage = {
  readonly fingerprint: string;
  /** The lookup of the version tag. It begins once an image is found or the engine starts to export one. */
  readonly tagLookup: TagLookup;
} & (
  | { readonly reused: ReusableImage }
  | {
      readonly reused: null;
      /** On the engine. */
      readonly imageId: string;
      /** Removes names from the engine that are useless once the image is in the registry. */
      readonly tidy: (tags: readonly string[]) => Promise<void>;
    }
);

/** With the manifest that the registry has just shown. */
type ReusableImage = KnownImage & { readonly manifest: Manifest };

/** Reuses an existing image of equal inputs if that is allowed, else builds one on the engine. */
export async function makeImage(running: RunningBuild, request: ImageRequest, deps: BuildDeps): Promise<MadeImage> {
  const { build, service, journal, signal } = running;
  const recipe = await journal.during('prepare', () => prepareRecipe(running, request, deps));
  const { fingerprint } = recipe;
  const { inputs, source } = request;
  const dockerfile = recipe.packaging.place;
  const { value, from } = source.version;
  const said = [...source.version.warnings, ...recipe.warnings];
  const warnings = said.map((message) => ({ service: service.name, message }));
  const dockerfileText = { digest: dockerfileDigest(recipe.packaging.bytes), text: recipe.packaging.text };
  const learned = { inputs, wasHead: source.isHead, dockerfile, dockerfileText, official: { value, from }, warnings };
  await learn(build, learned, deps);
  signal.throwIfAborted();
  const { registry, clock } = deps;
  const name = { repository: service.image, tag: request.versionTag };
  const tagLookup = startTagLookup({ registry, clock, tags: deps.store.tags }, name);
  const reused = await findReusable(running, recipe, tagLookup, deps);
  if (reused) return { reused, fingerprint, tagLookup };
  const kept = await finishedEarlier(running, fingerprint, deps);
  const onEvent = (event: BuildEvent) => {
    if (beginsExport(event)) tagLookup.begin();
    writeEvent(event, recipe.lineOf, journal);
  };
  const make = async () => {
    try {
      return await buildOnEngine(running, request, recipe, onEvent, deps);
    } finally {
      await reportMisread(running, recipe, warnings, deps);
    }
  };
  const imageId = kept ?? (await journal.during('build', make));
  if (kept) journal.reuse('build', 'The previous attempt finished the image; it is not built again.');
  else await learn(build, { engineImage: imageId, fingerprint }, deps);
  return {
    reused: null,
    imageId,
    fingerprint,
    tagLookup,
    tidy: (tags) => tidy(running, imageId, tags, service.image, deps),
  };
}

/** BuildKit's name for its work after all steps. */
const beginsExport = (event: BuildEvent): boolean =>
  event.kind === 'step-started' && event.step === 'exporting to image';

async function findReusable(
  { build, service, journal }: RunningBuild,
  recipe: Recipe,
  tagLookup: TagLookup,
  deps: BuildDeps,
): Promise<ReusableImage | null> {
  const { store, registry, clock } = deps;
  if (build.fresh || build.noCache || service.reuse === false) return null;
  if (recipe.blockedBy !== null) {
    journal.line(`No existing image can be reused: ${recipe.blockedBy}`);
    return null;
  }
  const oldest = typeof service.reuse === 'number' ? clock.now() - service.reuse : 0;
  for (const image of await store.images.withFingerprint(service.name, recipe.fingerprint)) {
    if (image.repository !== service.image || image.builtAt < oldest) continue;
    tagLookup.begin();
    const manifest = await registry.manifest(image.repository, image.digest);
    if (manifest === null) continue;
    journal.reuse('build', `Equal inputs: reusing ${image.digest} of build ${image.buildId}.`);
    return { ...image, manifest };
  }
  return null;
}

/** The image of an earlier attempt with the same inputs, if the engine still has it. */
async function finishedEarlier(
  { build }: RunningBuild,
  fingerprint: string,
  { engine }: BuildDeps,
): Promise<string | null> {
  if (build.engineImage === null || build.fingerprint !== fingerprint) return null;
  return engine.images.find(build.engineImage);
}

async function buildOnEngine(
  running: RunningBuild,
  { source, versionTag }: ImageRequest,
  { packaging, context, buildArgs, fingerprint }: Recipe,
  onEvent: (event: BuildEvent) => void,
  deps: BuildDeps,
): Promise<string> {
  const { build, service, signal } = running;
  const labels = imageLabels({
    service: service.name,
    branch: build.branch,
    commit: build.commit,
    commitTime: source.commit.time,
    version: versionTag,
    repositoryUrl: deps.sourceUrl(build.repository),
    place: packaging.place,
    fingerprint,
  });
  const { imageId } = await deps.engine.builder.build(
    {
      buildId: build.id,
      context: context.context,
      dockerfile: context.dockerfile,
      target: service.target,
      buildArgs,
      secrets: service.secrets,
      labels,
      tag: engineName(build.id),
      noCache: build.noCache,
      cacheFrom: build.noCache ? null : await cacheSource(running, deps),
    },
    onEvent,
    signal,
  );
  return imageId;
}

/** BuildKit's own steps: logged, but not listed. */
const ownStep = /^(\[internal\]|importing cache manifest|exporting cache)/;

function writeEvent(event: BuildEvent, lineOf: Recipe['lineOf'], journal: RunningBuild['journal']): void {
  if (event.kind === 'output') return journal.line(event.line.text, event.line.step);
  const { kind, step } = event;
  const quiet = ownStep.test(step);
  if (kind === 'step-started') {
    if (!quiet) journal.startStep(step, aboutStep(step, lineOf));
    return journal.line(`=> ${step}`, step);
  }
  if (!quiet) journal.finishStep(step, event.cached);
  if (event.cached) journal.line(`=> ${step} CACHED`, step);
  if (event.error !== null) journal.line(`=> ${step} ERROR: ${event.error}`, step);
}

const aboutStep = (name: string, lineOf: Recipe['lineOf']): StepAbout =>
  isInstruction(name) ? { kind: 'dockerfile', dockerfile: lineOf(name) } : { kind: 'engine' };

/**
 * The branch's newest image stays on the engine under its branch tag. The image it replaces is dangling and goes with the next clean-up.
 */
async function tidy(
  { build, journal }: RunningBuild,
  imageId: string,
  tags: readonly string[],
  image: string,
  deps: BuildDeps,
) {
  const { engine, registryHost, log } = deps;
  const [versionName, ...further] = tags.map((tag) => `${registryHost}/${image}:${tag}`);
  try {
    for (const name of further) await engine.images.tag(imageId, name);
    const spare = [engineName(build.id), ...(versionName === undefined ? [] : [versionName])];
    await Promise.all(spare.map((name) => engine.images.remove(name)));
  } catch (error) {
    log.warn({ err: error, build: build.id }, 'could not remove names of a finished build from the engine');
  }
  await journal.flush();
}
