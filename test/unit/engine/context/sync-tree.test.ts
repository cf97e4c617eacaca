import { syncItems } from '../../../../src/engine/context/sync-tree.js';

const entry = (path: string) => ({ path, mode: '100644' as const, id: path, size: 1 });
const pathsOf = async (files: readonly string[], folders?: readonly string[]) =>
  [...(await syncItems({ entries: files.map(entry), ...(folders ? { folders } : {}) }))].map(({ path }) => path);

describe('the items of a sync', () => {
  test('have each folder before what is in it, and its contents before its next sibling', async () => {
    expect(await pathsOf(['a/b/c', 'a/d', 'e'])).toEqual(['a', 'a/b', 'a/b/c', 'a/d', 'e']);
  });

  test.each<[string, readonly string[], readonly string[]]>([
    ['a folder goes before names that its own begins', ['a-b', 'a.b', 'a/x', 'a0'], ['a', 'a/x', 'a-b', 'a.b', 'a0']],
    ['also deeper down', ['f/a b', 'f/a!/x', 'f/a/x'], ['f', 'f/a', 'f/a/x', 'f/a b', 'f/a!', 'f/a!/x']],
    ['capitals before small letters', ['b', 'B', 'a', 'A'], ['A', 'B', 'a', 'b']],
    ['by bytes beyond the surrogates', ['\u{1F600}', '\uFF5E', 'é', 'z'], ['z', 'é', '\uFF5E', '\u{1F600}']],
    ['control characters above the slash', ['a/x', 'a\u0001'], ['a', 'a/x', 'a\u0001']],
    ['as numbers never', ['10', '9', '1'], ['1', '10', '9']],
  ])('are in the order of their bytes: %s', async (_, given, expected) => {
    expect(await pathsOf(given)).toEqual(expected);
    expect(await pathsOf(given.toReversed())).toEqual(expected);
  });

  test('name every folder once, empty ones too', async () => {
    expect(await pathsOf(['a/b/x', 'a/b/y'], ['a/b', 'a/e/f', 'g'])).toEqual([
      'a',
      'a/b',
      'a/b/x',
      'a/b/y',
      'a/e',
      'a/e/f',
      'g',
    ]);
  });

  test('are the very entries for files, so that a context is held once, but not for folders', async () => {
    const given = entry('a/b');
    const [folder, file] = await syncItems({ entries: [given] });
    expect(folder).toEqual({ path: 'a', mode: 'folder' });
    expect(file).toBe(given);
  });

  test('are an empty list if there are no files', async () => {
    expect(await pathsOf([])).toEqual([]);
  });
});
