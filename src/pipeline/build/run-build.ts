import { SlipwayError } from '../../errors.js';
import type { Build } from '../../model/build.js';
import type { Image } from '../../model/image.js';
import type { KeptRunFile } from '../../model/release.js';
import type { Service } from '../../model/service.js';
import { gitTagName, sanitiseTag, versionTag } from '../../tag-name.js';
import { learn, requireTimeToTag } from './attempt.js';
import type { BuildDeps } from './deps.js';
import { announceChange } from '../../queue/announce.js';
import { endBuild } from '../../queue/end-build.js';
import { keptRunFile } from '../../queue/releases.js';
import { inputsKey } from '../../decide/inputs-key.js';
import { fetchSource, type Source } from './source.js';
import { makeImage, type MadeImage } from './make-image.js';
import { openPackaging, type PackagingReader } from '../../decide/packaging-reader.js';
import { fenced } from '../publish/fenced.js';
import type { FurtherTags } from '../publish/further-tags.js';
import { publish, type Published } from '../publish/publish.js';
import { reuse } from '../publish/reuse.js';
import { openJournal } from '../report/journal.js';
import type { RunningBuild } from './running-build.js';
import { stillWanted } from './still-wanted.js';
import { parseRef } from '../../git-ref.js';

/** Runs one build from the queue to its end: fetch, image, publish, report. Throws if it fails; the worker handles that. */
export async function runBuild(build: Build, signal: AbortSignal, deps: BuildDeps): Promise<void> {
  const journal = openJournal(build, { ...deps, logs: deps.store.logs, queue: deps.store.queue });
  try {
    announceChange(build, deps);
    const running = { build, service: serviceOf(build, deps), journal, signal };
    journal.line(`${build.service} at ${build.commit} (${build.branch}): ${build.reason.message}`);
    const { version } = deps.reading;
    const source = await journal.during('fetch', () =>
      fetchSource(build, running.service, mirrorOf(build, deps), version),
    );
    tellVersion(running, source);
    const prepared = await prepareAndMake(running, source, deps);
    if (prepared === null) return;
    const { made } = prepared;
    const published = await journal.during('publish', () => publishImage(running, source, made, deps));
    for (const line of published.done) journal.line(line);
    await journal.flush();
    await succeed(build, { ...prepared, image: published.image }, deps);
  } finally {
    await journal.flush();
  }
}

function tellVersion({ journal }: RunningBuild, { version: { value, from, warnings } }: Source): void {
  for (const warning of warnings) journal.line(`WARNING: ${warning}`);
  journal.line(from === null ? `Version ${value}: nothing states one.` : `Version ${value} (${from}).`);
}

const mirrorOf = ({ repository }: Build, { git }: BuildDeps) => git.mirror(repository);

function serviceOf({ service: name }: Build, { services }: BuildDeps): Service {
  const service = services().get(name);
  if (service) return service;
  throw new SlipwayError('unknown-service', `The service ${name} is no longer configured.`);
}

interface Prepared {
  readonly made: MadeImage;
  readonly runFile: KeptRunFile;
}

/** Null if the build is no longer needed at its turn. It has then ended as `superseded`. */
async function prepareAndMake(running: RunningBuild, source: Source, deps: BuildDeps): Promise<Prepared | null> {
  const { build, service, journal, signal } = running;
  const packaging = await openPackaging(deps);
  const inputs = await stillWanted(build, service, source, packaging, deps);
  signal.throwIfAborted();
  if (inputs === null) {
    journal.line('No longer needed: the branch has moved on, or the image already exists.');
    await journal.flush();
    await endBuild(build, { status: 'superseded' }, deps);
    return null;
  }
  // The running build must be comparable with new decisions. Unchanged inputs can be stored later, together with other writes.
  if (inputsKey(inputs) !== inputsKey(build.inputs)) await learn(build, { inputs }, deps);
  // Read beside the sources, so that the end of the build needs no git host.
  const reading = keptRunFileAt(running, packaging, deps);
  reading.catch(() => undefined);
  const made = await makeImage(running, { source, inputs, versionTag: versionTagOf(source), packaging }, deps);
  return { made, runFile: await reading };
}

async function keptRunFileAt({ build, service }: RunningBuild, packaging: PackagingReader, deps: BuildDeps) {
  const texts = () => packaging.runFileTexts(service, build.commit);
  return keptRunFile(await packaging.runFile(service, build.commit), texts, deps);
}

const versionTagOf = ({ version, count, commit }: Source): string =>
  versionTag({ version: version.value, count, sha: commit.short });

async function publishImage(
  running: RunningBuild,
  source: Source,
  made: MadeImage,
  deps: BuildDeps,
): Promise<Published> {
  const { build, service, journal, signal } = running;
  const { registry, engine, store } = deps;
  const all = { registry, tags: store.tags, images: engine.images };
  const places = fenced(all, () => requireTimeToTag(build, deps));
  signal.throwIfAborted();
  const common = {
    repository: service.image,
    versionTag: versionTagOf(source),
    commit: build.commit,
    ...furtherTags(running, source),
  };
  const { tagLookup } = made;
  if (made.reused) return reuse(places, { ...common, tagLookup, manifest: made.reused.manifest, signal });
  const onLine = (line: string) => journal.line(line);
  const { imageId } = made;
  return publish(places, { ...common, imageId, tagLookup, onLine, signal });
}

/** Only head moves a branch tag. A git tag's build gives the git tag its own. */
function furtherTags({ build, service }: RunningBuild, { isHead }: Source): FurtherTags {
  const { kind, name } = parseRef(build.branch);
  if (!isHead) return { branch: null, gitTag: null };
  return kind === 'tag'
    ? { branch: null, gitTag: { name, wanted: gitTagName(name) } }
    : {
        branch: service.branchTag ? { name, wanted: sanitiseTag(name) } : null,
        gitTag: null,
        extra: { branch: name, tags: Object.hasOwn(service.extraTags, name) ? (service.extraTags[name] ?? []) : [] },
      };
}

async function succeed(
  build: Build,
  { made, image, runFile }: Prepared & { readonly image: Image },
  deps: BuildDeps,
): Promise<void> {
  const how = made.reused
    ? ({ outcome: 'reused', reusedFrom: made.reused.buildId, fingerprint: null } as const)
    : ({ outcome: 'built', reusedFrom: null, fingerprint: made.fingerprint } as const);
  const ended = await endBuild(build, { status: 'succeeded', image, runFile, ...how }, deps);
  // The names on the engine are those of the next attempt if this one was lost.
  if (ended && !made.reused) await made.tidy(image.tags);
}
