/** What is held of commits and trees, and how many steps it takes to go through them. */
import { createHash } from 'node:crypto';
import { SlipwayError } from '../../../../src/errors.js';
import { Parsed, type Budget, type KnownObject } from '../../../../src/git/objects/parsed.js';
import { compareTrees, listTree } from '../../../../src/git/objects/tree-walk.js';

const idOf = (text: string): string => createHash('sha1').update(text).digest('hex');

/** A tree of folders, files where they have no tree, with names of a length. */
function tree(id: string, entries: readonly (readonly [name: string, tree: string | null])[]): KnownObject {
  const rows = entries.map(([name, below]) =>
    Buffer.concat([
      Buffer.from(`${below === null ? '100644' : '40000'} ${name}\0`),
      Buffer.from(below ?? idOf('file'), 'hex'),
    ]),
  );
  return { type: 'tree', id, content: Buffer.concat(rows) };
}

/** Knows only what it has learned, and counts the trees that it is asked for. */
class LearnedOnly extends Parsed {
  asked = 0;

  constructor() {
    super(() => Promise.reject(new SlipwayError('internal', 'only what was learned is asked for')));
  }

  override tree(id: string, budget: Budget) {
    this.asked += 1;
    return super.tree(id, budget);
  }
}

const commit = (id: string, message: string): KnownObject => ({
  type: 'commit',
  id,
  content: Buffer.from(`tree ${idOf('t')}\nauthor A <a> 1 +0000\ncommitter A <a> 1 +0000\n\n${message}`),
});

describe('what is held', () => {
  test('of trees is the newest that came to four million bytes', () => {
    const parsed = new LearnedOnly();
    const ids = Array.from({ length: 30 }, (_, at) => idOf(String(at)));
    parsed.learn(ids.map((id) => tree(id, [['n'.repeat(500_000), null]])));
    const held = ids.filter((id) => parsed.holds(id));
    expect(held).toEqual(ids.slice(-8));
  });

  test('of commits is the newest that came to four million bytes', () => {
    const parsed = new LearnedOnly();
    const ids = Array.from({ length: 300 }, (_, at) => idOf(String(at)));
    parsed.learn(ids.map((id) => commit(id, 'm'.repeat(60_000))));
    const held = ids.filter((id) => parsed.holdsCommit(id));
    expect(held.length).toBeGreaterThan(10);
    expect(held.length).toBeLessThan(71);
    expect(held).toEqual(ids.slice(-held.length));
  });

  test('is nothing that is large by itself', () => {
    const parsed = new LearnedOnly();
    const [large, long] = [idOf('large'), idOf('long')];
    parsed.learn([tree(large, [['n'.repeat(1_100_000), null]]), commit(long, 'm'.repeat(70_000))]);
    expect([parsed.holds(large), parsed.holdsCommit(long)]).toEqual([false, false]);
  });
});

describe('folders of which each is the same ten times', () => {
  const level = (depth: number): string => idOf(`level ${depth}`);
  const names = Array.from({ length: 10 }, (_, at) => String(at));

  function learnedFrom(bottom: KnownObject): LearnedOnly {
    const parsed = new LearnedOnly();
    const levels = names.map((_, depth) =>
      tree(
        level(depth + 1),
        names.map((name) => [name, level(depth)]),
      ),
    );
    parsed.learn([bottom, ...levels, tree(idOf('nothing'), [])]);
    return parsed;
  }

  test.each([
    ['a file', [['file', null]]],
    ['nothing', []],
    ['a file of a long name', [['n'.repeat(900_000), null]]],
  ] as const)('and hold %s are left to git after some thousand steps', async (_, entries) => {
    const parsed = learnedFrom(tree(level(0), entries));
    expect(await listTree(parsed, level(10))).toBeNull();
    expect(await compareTrees(parsed, level(10), idOf('nothing'))).toBeNull();
    expect(parsed.asked).toBeLessThan(50_000);
  });
});
