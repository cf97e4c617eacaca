import { SlipwayError } from '../../errors.js';
import type { Artifact } from '../../model/artifact.js';
import type { DockerfilePlace, LineRange } from '../../model/build.js';
import type { Inputs } from '../../model/inputs.js';
import type { BuildDeps } from './deps.js';
import type { Source } from './source.js';
import type { PackagingReader } from '../../decide/packaging-reader.js';
import { prepareContext, type PreparedContext } from '../../image/context/context.js';
import { withTriggers, type DockerfileReading, type ReadingOptions } from '../../image/dockerfile/dockerfile.js';
import { fingerprintOf, reuseBlockedBy } from '../../image/context/fingerprint.js';
import { dockerfileDigest, withMisread } from '../../image/dockerfile/misread.js';
import { exactText } from '../../image/dockerfile/file-limits.js';
import { stepLines } from '../../image/dockerfile/step-lines.js';
import { requireFrontend } from '../../image/dockerfile/frontends.js';
import type { Packaging } from '../../image/packaging/packaging.js';
import { unfetchedSentences } from '../../image/packaging/unfetched.js';
import { joinPath } from '../../patterns/paths.js';
import { argsOf, injectedArgs, type GivenArgs } from '../../image/dockerfile/injected-args.js';
import type { RunningBuild } from './running-build.js';

export interface ImageRequest {
  readonly source: Source;
  readonly inputs: Inputs;
  /** `{version}-{count}-{sha}`. */
  readonly versionTag: string;
  /** What was decided on. */
  readonly packaging: PackagingReader;
}

/** The engine's options, and their sources. */
export interface Recipe {
  readonly packaging: Packaging;
  readonly context: PreparedContext;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly fingerprint: string;
  /** Why no existing image may be reused, or null. */
  readonly blockedBy: string | null;
  /** Sentences about what the Dockerfile reads that the commit does not hold. */
  readonly warnings: readonly string[];
  /** Where the Dockerfile has the instruction of a step of the engine, or null. */
  readonly lineOf: (step: string) => LineRange | null;
}

/** Finds the Dockerfile and everything that it reads. Sends and builds nothing. */
export async function prepareRecipe(running: RunningBuild, request: ImageRequest, deps: BuildDeps): Promise<Recipe> {
  const { build, service, journal, signal } = running;
  const { tree } = deps.git.mirror(build.repository);
  const { commit } = build;
  const packaging = await request.packaging.found(service, commit);
  journal.line(`Dockerfile: ${describePlace(packaging.place)}`);
  requireFrontend({ text: packaging.text, buildArgs: service.buildArgs }, deps.frontends());
  await Promise.all(Object.keys(request.inputs.bases).map((reference) => deps.engine.images.pull(reference, signal)));
  const injected = { branch: build.branch, commit, versionTag: request.versionTag };
  const [{ reading: asWritten, bases, onbuild, triggering }, platform] = await Promise.all([
    readWithBases(packaging.text, { buildArgs: argsOf(service, injected), target: service.target }, deps),
    deps.engine.platform(),
  ]);
  const misread = await deps.store.misreads.of({
    service: service.name,
    dockerfile: dockerfileDigest(packaging.bytes),
  });
  const reading = withMisread(asWritten, misread);
  const artifact = await artifactOf(build.artifactId, service.artifact, service.trigger === 'artifact', deps);
  const { sources, asked } = reading;
  const wanted = { service, commit, tree, packaging, sources, asked, artifact };
  const context = await prepareContext(wanted, deps.reading.context);
  journal.line(describeContext(context, reading));
  const warnings = unfetchedSentences(await context.unfetched());
  for (const warning of warnings) journal.line(`WARNING: ${warning}`);
  const buildArgs = { ...declaredOf(injectedArgs(injected), reading), ...service.buildArgs };
  const digests = Object.fromEntries([...bases].map(([reference, base]) => [reference, base?.digest ?? null]));
  const { entries, folders } = context.read;
  const isPassedOver = request.packaging.passedOverRunFiles(service, reading);
  const fingerprint = await fingerprintOf({
    entries,
    folders,
    passesOver: (path) => isPassedOver(joinPath(service.context, path)),
    dockerfile: exactText(packaging.bytes),
    target: service.target,
    // A trigger of a base image may declare any argument.
    buildArgs: onbuild === 'none' ? effectiveOnly(buildArgs, reading) : buildArgs,
    bases: digests,
    platform,
    secrets: Object.keys(service.secrets),
  });
  const blockedBy = reuseBlockedBy(reading, digests) ?? triggering;
  const outline = reading.foreignSyntax ? null : await deps.reading.outline(packaging.text);
  const lineOf = stepLines(outline, onbuild !== 'none');
  return { packaging, context, buildArgs, fingerprint, blockedBy, warnings, lineOf };
}

/** A Dockerfile's sources may use the environment of its base images, and their ONBUILD triggers read more files. */
export async function readWithBases(
  text: string,
  { buildArgs, target }: Pick<ReadingOptions, 'buildArgs' | 'target'>,
  { engine, reading: { dockerfile } }: Pick<BuildDeps, 'engine' | 'reading'>,
) {
  const { bases: references } = await dockerfile(text, { buildArgs, target });
  const found = references.map(async (reference) => [reference, await engine.images.resolveBase(reference)] as const);
  const bases = new Map(await Promise.all(found));
  const baseEnv = Object.fromEntries([...bases].flatMap(([name, base]) => (base?.env ? [[name, base.env]] : [])));
  const plain = await dockerfile(text, { buildArgs, target, baseEnv });
  const known = plain.parents.every((parent) => bases.get(parent)?.onbuild === false);
  const onbuild = known && plain.unresolvedBases.length === 0 ? 'none' : 'unknown';
  const parent = plain.parents.find((name) => bases.get(name)?.onbuild === true);
  const triggering = parent === undefined ? null : `what the ONBUILD triggers of ${parent} bring in cannot be known.`;
  return { bases, onbuild, triggering, reading: onbuild === 'none' ? plain : withTriggers(plain) } as const;
}

function describeContext({ context, scope }: PreparedContext, { wholeBecause }: DockerfileReading): string {
  const files = `${context.entries.length} file${context.entries.length === 1 ? '' : 's'}`;
  if (scope === 'pruned') return `Context: ${files}, what the Dockerfile can read.`;
  return `Context: ${files}, all of it${wholeBecause === null ? '' : ` (${wholeBecause})`}.`;
}

const describePlace = ({ source, path, commit }: DockerfilePlace): string =>
  `${path} (${source}${commit === null ? '' : ` at ${commit.slice(0, 7)}`})`;

const declaredOf = (args: GivenArgs, { args: declared }: DockerfileReading): Record<string, string> =>
  Object.fromEntries(
    Object.entries(args).flatMap(([name, value]) => (value !== null && declared.includes(name) ? [[name, value]] : [])),
  );

/**
 * Arguments that work without a declaration (https://docs.docker.com/reference/dockerfile/#predefined-args, #buildkit-built-in-build-args).
 */
const undeclaredArgs = /^(?:BUILDKIT_\w+|SOURCE_DATE_EPOCH|(?:https?|ftp|all|no)_proxy|(?:HTTPS?|FTP|ALL|NO)_PROXY)$/;

const effectiveOnly = (args: Readonly<Record<string, string>>, { args: declared }: DockerfileReading) =>
  Object.fromEntries(Object.entries(args).filter(([name]) => declared.includes(name) || undeclaredArgs.test(name)));

async function artifactOf(id: string | null, path: string | null, required: boolean, { store, dataDir }: BuildDeps) {
  const artifact: Artifact | null = id === null ? null : await store.artifacts.get(id);
  if (artifact && path !== null) {
    return { path, file: `${dataDir}/${artifact.file}`, sha256: artifact.sha256, size: artifact.size };
  }
  if (!required) return null;
  throw new SlipwayError(
    'artifact-missing',
    'The service is built from an artifact, and neither the commit nor one that it comes from has one.',
  );
}
