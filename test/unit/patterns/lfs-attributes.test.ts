import { Effort } from '../../../src/effort.js';
import { lfsTest, type AttributesFile } from '../../../src/patterns/lfs-attributes.js';

const lfs = (pattern: string) => `${pattern} filter=lfs diff=lfs merge=lfs -text\n`;
const root = (text: string): AttributesFile[] => [{ folder: '', text }];
const isLfs = (files: readonly AttributesFile[], path: string) =>
  lfsTest(files, Effort.forPaths(1))?.(path) ?? 'no line names LFS';

describe('files in Git LFS', () => {
  test.each<[string, AttributesFile[], string[], string[]]>([
    ['by a name in any folder', root(lfs('*.bin')), ['a.bin', 'x/y/a.bin'], ['a.bin/x', 'a.bin2', 'bin']],
    ['by a path', root(lfs('models/*.bin')), ['models/a.bin'], ['a.bin', 'x/models/a.bin', 'models/x/a.bin']],
    ['by a path from the root', root(lfs('/a.bin')), ['a.bin'], ['x/a.bin']],
    ['by a folder and all below it', root(lfs('models/**')), ['models/a', 'models/x/a'], ['models', 'x/models/a']],
    ['in folders of one name', root(lfs('**/big/*')), ['big/a', 'x/big/a'], ['big', 'x/big/y/a']],
    ['with stars inside a name', root(lfs('a**b')), ['ab', 'axb', 'y/axb'], ['a/b']],
    ['with a class', root(lfs('[!a-c].bin')), ['d.bin'], ['a.bin', 'b.bin']],
    ['with a blank, as git lfs track writes it', root(lfs('my[[:space:]]file')), ['my file'], ['my-file']],
    ['in quotes', root(lfs('"my \\"file\\""')), ['my "file"'], ['my file']],
    [
      'by the last line that matches',
      root(`${lfs('*.bin')}a.bin -filter\nb.bin !filter\nc.bin filter=other\nd.bin text\n`),
      ['d.bin', 'e.bin'],
      ['a.bin', 'b.bin', 'c.bin'],
    ],
    ['by a macro', root(`[attr]large filter=lfs -text\n*.bin large\n`), ['x/a.bin'], ['large']],
    [
      'by the deepest file first',
      [
        { folder: 'x/y', text: lfs('*.bin') },
        { folder: 'x', text: '*.bin -filter\n' },
        { folder: '', text: lfs('*.bin') },
      ],
      ['a.bin', 'x/y/a.bin', 'x/y/z/a.bin', 'xx/a.bin'],
      ['x/a.bin'],
    ],
  ])('%s', (_, files, those, others) => {
    expect(those.map((path) => isLfs(files, path))).toEqual(those.map(() => true));
    expect(others.map((path) => isLfs(files, path))).toEqual(others.map(() => false));
  });

  test.each([
    ['a comment', `# ${lfs('*.bin')}`],
    ['a folder, of which git says nothing', lfs('models/')],
    ['an exception, which git refuses', lfs('!*.bin')],
    ['a line that is too long for git', lfs('*.bin'.padStart(3_000, '*'))],
    ['a pattern with wrong syntax', lfs('[a.bin')],
    ['another filter', '*.bin filter=crypt\n'],
    ['a pattern without attributes', '*.bin\n'],
  ])('are not named by %s', (_, text) => {
    expect(isLfs(root(text), 'a.bin')).toBe('no line names LFS');
  });

  test('are searched with a limit', () => {
    const files = root(lfs('*a*a*a*a*b').repeat(50));
    expect(() => lfsTest(files, new Effort(1_000))?.('a'.repeat(5_000))).toThrow('over 1000 steps');
  });

  test('are searched with a limit for the lines themselves, also those of other folders', () => {
    const files = [{ folder: 'x', text: lfs('a').repeat(2_000) }];
    expect(lfsTest(files, new Effort(2_000))?.('a')).toBe(false);
    expect(() => lfsTest(files, new Effort(1_999))?.('a')).toThrow('over 1999 steps');
  });
});
