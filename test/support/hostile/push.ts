import { SlipwayError } from '../../../src/errors.js';
import { packPaths } from '../../../src/patterns/packed-paths.js';
import type { Reading } from '../../../src/reading/reading.js';
import { hostileIgnore, hostilePaths, hostileTarget, hostileVersion } from './contexts.js';
import { hostileDockerfile } from './dockerfiles.js';
import { Random } from './random.js';

/** What a reading may end with. Anything else is a fault of ours. */
const EXPECTED: readonly string[] = ['dockerfile-invalid', 'unsafe-path', 'reading-stopped'];

async function outcome(reading: Promise<unknown>): Promise<string> {
  try {
    await reading;
    return 'read';
  } catch (error) {
    if (error instanceof SlipwayError && EXPECTED.includes(error.code)) return error.code;
    throw error;
  }
}

export type HostilePush = Awaited<ReturnType<typeof hostilePush>>;

/** A random Dockerfile, `.dockerignore`, tree and version file, as questions to a reader. */
export async function hostilePush(seed: number) {
  const random = new Random(seed);
  const text = hostileDockerfile(random);
  const ignore = hostileIgnore(random);
  const paths = hostilePaths(random);
  const links = paths.map((_, position) => position).filter((position) => position % 7 === 0);
  const linkPaths = links.map((position) => paths[position] ?? '');
  return {
    text,
    options: { buildArgs: { A: 'x', BUILD: '1' }, target: random.chance(5) ? 's1' : null },
    ignore,
    paths,
    linkPaths,
    version: hostileVersion(random),
    context: {
      listed: await packPaths(paths),
      links,
      hidden: random.chance(4) ? 'src' : null,
      added: [],
      submodules: random.chance(4) ? ['sub/module'] : [],
      ignore,
      artifact: random.chance(4) ? 'a/app.jar' : null,
      targets: new Map(linkPaths.map((path) => [path, hostileTarget(random)])),
      dockerfile: { text, own: 'Dockerfile' },
    },
  };
}

const regions = { included: [{ text: 'src/**' }, { text: '**/*.js' }], excluded: [{ text: '**/*.md' }] };
const packaging = [{ text: 'docker/**', literal: 'folder' }] as const;

/** Everything that the push makes the server read; how each reading ended. */
export async function readPush(push: HostilePush, reading: Reading): Promise<readonly string[]> {
  const { text, options, ignore, paths, linkPaths, version } = push;
  const read = await reading.dockerfile(text, options).catch(() => null);
  const sources = read?.sources ?? 'whole';
  const files = push.context.listed;
  return Promise.all([
    outcome(reading.dockerfile(text, options)).then((end) => `dockerfile ${end}`),
    outcome(reading.context({ ...push.context, sources })).then((end) => `context ${end}`),
    outcome(reading.regions({ context: '', sources, ignore }, paths)).then((end) => `regions ${end}`),
    outcome(reading.throughLink(sources === 'whole' ? [] : sources, linkPaths)).then((end) => `links ${end}`),
    outcome(reading.drift({ regions, packaging, context: '', sources, ignore, files })).then((end) => `drift ${end}`),
    outcome(reading.version(version.file, Buffer.from(version.content))).then((end) => `version ${end}`),
  ]);
}
