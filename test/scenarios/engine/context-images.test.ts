/**
 * Images of random trees, each synced over what the tree before left on the engine and each uploaded as an archive, against Docker's own
 * client on a fresh checkout: the same layers, entry by entry.
 */
import { createIgnore } from '../../../src/patterns/dockerignore.js';
import { askedVersion, imageByClient } from '../../support/docker-client.js';
import { engines, imageByUs } from '../../support/image-by-us.js';
import { isSubmodule, type MemoryFile } from '../../support/memory-tree.js';
import { readLayers, type Layer, type LayerEntry } from '../../support/image-layers.js';
import { randomHistories, type RandomContext, type RandomFiles } from '../../support/random-context.js';

const nameOf = (maker: string) => `slipway.test/images-${maker}:1`;

/** Nothing that a Dockerfile gives a meaning to. */
const simple = /^[^$\\*?[\]"']+$/;

/** Docker 28 loses a blank at the start of what it wants from the context, and asks for nothing with a control character, for any client. */
const isAskedFor = (path: string) => !/^ |\p{Cc}/u.test(path);

const foldersAbove = (path: string) =>
  path
    .split('/')
    .slice(1)
    .map((_, index) =>
      path
        .split('/')
        .slice(0, index + 1)
        .join('/'),
    );

/** Whether the contents of these folders can lie in one: a file of one cannot where another has a folder. */
function fitTogether(found: readonly (readonly [string, MemoryFile])[]): boolean {
  const inside = found.map(([path, file]) => [path.slice(path.indexOf('/') + 1), file] as const);
  const folders = inside.flatMap(([path, file]) => [...foldersAbove(path), ...(isSubmodule(file) ? [path] : [])]);
  return inside.every(([path, file]) => isSubmodule(file) || !folders.includes(path));
}

/** Instructions that read the context in different ways, each to a place of its own: what they name is there, and is no link. */
function instructionsFor({ files, ignore, choices }: RandomContext): readonly string[] {
  const ignored = createIgnore(ignore.join('\n'));
  const sent = Object.entries(files).filter(([path]) => !ignored(path));
  const kept = sent.filter(([path]) => simple.test(path) && (askedVersion < 28 || isAskedFor(path)));
  const isLink = (file: unknown) => typeof file === 'object' && file !== null && 'link' in file;
  const regular = kept.flatMap(([path, file]) => (isLink(file) || isSubmodule(file) ? [] : [path]));
  const submodules = kept.flatMap(([path, file]) => (isSubmodule(file) ? [path] : []));
  const folders = [...new Set([...regular.flatMap(foldersAbove), ...submodules])];
  const pick = (from: readonly string[], choice: number) =>
    from[(choices[choice] ?? 0) % Math.max(1, from.length)] ?? '.';
  const copy = (...words: string[]) => `COPY ${JSON.stringify(words)}`;
  const links = kept.flatMap(([path, file]) => (isLink(file) ? [path[0]] : []));
  const initials = regular
    .map(([first]) => first ?? '')
    .filter((first) => /[a-z]/i.test(first) && !links.includes(first))
    .filter((first) => fitTogether(sent.filter(([path]) => path.startsWith(first))));
  const initial = pick(initials, 2);
  const parts = [
    copy(pick(folders, 0), '/folder'),
    copy(pick(regular, 1), '/file/'),
    copy(initial === '.' ? '.' : `${initial}*`, '/glob/'),
    copy(pick(regular, 3), pick(regular, 4), '/several/'),
    `ADD ${JSON.stringify([pick(regular, 5), '/renamed'])}`,
  ];
  const whole = [copy('.', '/all/'), `COPY --from=other ${JSON.stringify(['/in/', '/from'])}`];
  return (choices[6] ?? 0) % 2 === 0 ? [...whole, ...parts] : parts;
}

function filesOf(context: RandomContext, instructions: readonly string[]): RandomFiles {
  const other = instructions.some((line) => line.includes('--from')) ? ['FROM scratch AS other', 'COPY . /in/'] : [];
  const dockerfile = [...other, 'FROM scratch', ...instructions, ''].join('\n');
  const files = { ...context.files, Dockerfile: dockerfile };
  return context.ignore.length > 0 ? { ...files, '.dockerignore': context.ignore.join('\n') } : files;
}

const hasExceptions = ({ ignore }: RandomContext): boolean => ignore.some((line) => line.startsWith('!'));

/** Clients before 23 also send excluded folders that an exception might be in: those are left out where there are exceptions. */
function seen(layer: Layer | undefined, context: RandomContext): Readonly<Record<string, LayerEntry>> {
  const entries = layer?.entries ?? {};
  if (!hasExceptions(context)) return entries;
  const filled = Object.entries(entries).flatMap(([path, { type }]) =>
    type === 'directory' ? [] : foldersAbove(path),
  );
  return Object.fromEntries(
    Object.entries(entries).filter(([path, { type }]) => type !== 'directory' || filled.includes(path)),
  );
}

const makers = ['sync', 'archive', 'client'] as const;
const cases = randomHistories(4, 6)
  .flat()
  .map((context) => ({ context, instructions: instructionsFor(context) }));

afterAll(() => Promise.all(makers.map((maker) => engines.sync.images.remove(nameOf(maker)))));

function caseOf(number: number) {
  const found = cases[number];
  if (!found) throw new Error(`There is no case ${number}.`);
  return found;
}

describe.each(cases.map(({ context }, number) => [number, context.since] as const))('tree %i, after %s', (number) => {
  const { context, instructions } = caseOf(number);
  const layers: Partial<Record<(typeof makers)[number], readonly Layer[]>> = {};
  beforeAll(async () => {
    const files = filesOf(context, instructions);
    await Promise.all([
      imageByUs('abc/images', files, 'sync', nameOf('sync')),
      imageByUs('abc/images', files, 'archive', nameOf('archive')),
      imageByClient(files, nameOf('client')),
    ]);
    for (const maker of makers) layers[maker] = await readLayers(nameOf(maker));
  }, 60_000);

  test('the image has a layer for each instruction', () => {
    for (const maker of makers) expect(layers[maker]).toHaveLength(instructions.length);
  });

  describe.each(instructions.map((line, index) => [line, index] as const))('%s', (_, index) => {
    test.each(['sync', 'archive'] as const)('is the same by %s as by the client', (maker) => {
      const client = seen(layers.client?.[index], context);
      // Where folders do not count, one that has no file may be all there is.
      if (!hasExceptions(context)) expect(client).not.toEqual({});
      expect(seen(layers[maker]?.[index], context)).toEqual(client);
    });
  });
});
