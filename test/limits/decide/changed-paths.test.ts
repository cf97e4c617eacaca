import { ChangedPaths } from '../../../src/decide/changed-paths.js';
import { compilePathPattern, exactPattern, isPatternFault } from '../../../src/patterns/pattern.js';
import { topFolders } from '../../../src/pipeline/look/targets.js';
import type { Pattern } from '../../../src/model/pattern.js';
import { turnsDuring } from '../../support/turns.js';

function pattern(text: string): Pattern {
  const compiled = compilePathPattern(text);
  if (isPatternFault(compiled)) throw new Error(compiled.fault);
  return compiled;
}

/** In the order of git, which is not that of UTF-16. */
const many = (): string[] => [
  ...Array.from({ length: 300_000 }, (_, at) => `folder/f${String(at).padStart(7, '0')}`),
  'folder/\uffee',
  'folder/\u{10000}',
];

describe('changed paths', () => {
  test('of any number are sorted while other work goes on, each kept once', async () => {
    const paths = many();
    let changed = new ChangedPaths([]);
    const turns = await turnsDuring(async () => (changed = await ChangedPaths.of([...paths, 'folder/f0000001'])));
    expect(changed.paths.slice(-2)).toEqual(['folder/\u{10000}', 'folder/\uffee']);
    expect(changed.paths).toEqual([...paths].sort());
    expect(turns).toBeGreaterThanOrEqual(2);
  });

  test('of any length are matched while other work goes on', async () => {
    const long = 'aa/'.repeat(20_000);
    const changed = await ChangedPaths.of(Array.from({ length: 60 }, (_, at) => `${at + 100}/${long}x.md`));
    const documents = pattern('regex:.*/a+/.*/x\\.md');
    const turns = await turnsDuring(() => changed.prepare([documents]));
    expect(changed.matchedBy(documents).size).toBe(60);
    expect(turns).toBeGreaterThanOrEqual(2);
  });

  test('are taken apart from those that patterns match', async () => {
    const changed = await ChangedPaths.of(['a/1', 'b', 'c/1', 'c/2']);
    expect((await changed.without([exactPattern('b'), pattern('c/**')])).paths).toEqual(['a/1']);
    expect((await changed.without([])).paths).toEqual(changed.paths);
  });

  test('give their top folders while other work goes on', async () => {
    const paths = [...many(), ...Array.from({ length: 700_000 }, (_, at) => String(at))];
    let folders: ReadonlySet<string> = new Set();
    const turns = await turnsDuring(async () => (folders = await topFolders(paths)));
    expect(folders.size).toBe(700_001);
    expect(folders.has('folder')).toBe(true);
    expect(turns).toBeGreaterThanOrEqual(2);
  });
});
