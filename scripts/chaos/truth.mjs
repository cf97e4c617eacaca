/** What is right at a head, worked out by plain git and the rules of world.mjs. */
import { changedPaths, filesAt, git } from './repositories.mjs';
import { artifactOf, centralRepository, isBroken, services } from './world.mjs';

const isBelow = (folder, path) => path.startsWith(`${folder}/`);

/** The docker folder in force at a commit: `source` and path in the repository → text. */
function packagingOf(name, files, central) {
  const { docker, central: folder } = services[name];
  if (files.has(`${docker}/Dockerfile`) || folder === undefined) {
    return { source: 'application', files: new Map([...files].filter(([path]) => isBelow(docker, path))) };
  }
  const moved = [...central].filter(([path]) => isBelow(folder, path));
  return {
    source: 'central',
    files: new Map(moved.map(([path, text]) => [path.replace(`${folder}/`, `${docker}/`), text])),
  };
}

/** The nearest commit with an artifact, and whether that still fits the head. */
async function artifactFor(name, bare, head, artifacts) {
  const line = (await git(bare, ['rev-list', head])).split('\n');
  const commit = line.find((one) => artifacts.has(one)) ?? null;
  if (commit === null) return { commit, fits: false };
  const changed = await changedPaths(bare, commit, head);
  const { counts, docker } = services[name];
  return { commit, fits: !changed.some((path) => counts(path) && !isBelow(docker, path)) };
}

/**
 * What the image of a service has to hold at a commit, as path → text of everything that counts. `waits`: no artifact fits. `broken`: no
 * image can be made.
 */
export async function truthAt({ name, commit, repositories, artifacts }) {
  const { repository, docker, counts, copied, artifact } = services[name];
  const { bare } = repositories[repository];
  const files = await filesAt(bare, commit);
  const central = repositories[centralRepository];
  const packaging = packagingOf(name, files, await filesAt(central.bare, central.heads.get('main')));
  const expected = new Map();
  const put = (path, text) =>
    path.startsWith(copied.from) && expected.set(`${copied.to}${path.slice(copied.from.length)}`, text);
  for (const [path, text] of files) if (counts(path) && !isBelow(docker, path)) put(path, text);
  for (const [path, text] of packaging.files) put(path, text);
  const broken = isBroken(packaging.files.get(`${docker}/Dockerfile`) ?? '');
  if (artifact === undefined) return { files: expected, broken, waits: false, source: packaging.source };
  const found = await artifactFor(name, bare, commit, artifacts);
  if (found.fits) put(artifact, artifactOf(found.commit));
  return { files: expected, broken, waits: !found.fits, source: packaging.source };
}

/** Of an image's files those that count, so that files which are gone at the head are noticed too. */
export function counting(name, image) {
  const { docker, counts, copied } = services[name];
  const kept = [...image].filter(([path]) => {
    if (!path.startsWith(copied.to)) return false;
    const own = `${copied.from}${path.slice(copied.to.length)}`;
    return counts(own) || isBelow(docker, own);
  });
  return new Map(kept);
}

/** What differs between two maps of files, in words; null if nothing does. */
export function difference(expected, found) {
  if (found === null) return 'there is no image';
  for (const [path, text] of expected) {
    if (found.get(path) === text) continue;
    return `${path} is ${JSON.stringify(found.get(path) ?? null)}, not ${JSON.stringify(text)}`;
  }
  const more = [...found.keys()].find((path) => !expected.has(path));
  return more === undefined ? null : `${more} should be gone`;
}

/** Whether every commit of `from..to` says [skip ci], and there is one. */
export async function isAllSkipped(bare, from, to) {
  const messages = (await git(bare, ['log', '--format=%s', `${from}..${to}`])).split('\n').filter(Boolean);
  return messages.length > 0 && messages.every((message) => message.includes('[skip ci]'));
}
