import { ReferenceList, ownRefs, takeRefs } from '../../../../src/git/references/reference-lists.js';
import type { Packet } from '../../../../src/git/upload-pack/pkt-line.js';
import { readRefs } from '../../../../src/git/upload-pack/answers.js';

const id = (digit: string) => digit.repeat(40);

function refsOf(answer: string): ReferenceList {
  const list = new ReferenceList();
  takeRefs(list)(Buffer.from(answer));
  return list;
}

test('the host’s references are its branches and tags, what tags lead to, and the default branch', () => {
  const answer = [
    'ref: refs/heads/trunk\tHEAD',
    `${id('a')}\tHEAD`,
    `${id('a')}\trefs/heads/trunk`,
    `${id('b')}\trefs/heads/ü/x`,
    `${id('c')}\trefs/pull/1/head`,
    `${id('d')}\trefs/tags/annotated`,
    `${id('e')}\trefs/tags/annotated^{}`,
    `${id('f')}\trefs/tags/plain`,
  ];
  const list = refsOf(`${answer.join('\n')}\n`);
  expect(list.defaultBranch).toBe('trunk');
  expect([...list.heads]).toEqual([
    ['trunk', id('a')],
    ['ü/x', id('b')],
  ]);
  expect([...list.tags]).toEqual([
    ['annotated', id('e')],
    ['plain', id('f')],
  ]);
  expect([...list.tagIds]).toEqual([
    ['annotated', id('d')],
    ['plain', id('f')],
  ]);
  expect(refsOf('ref: refs/remotes/x\tHEAD\n').defaultBranch).toBeNull();
});

describe('more references than are held', () => {
  const many = (from: number) =>
    Array.from({ length: 1000 }, (_, at) => `${id('a')}\trefs/heads/${from + at}\n`).join('');
  const long = `${id('a')}\trefs/heads/${'n'.repeat(60_000)}`;
  const tooLarge = expect.objectContaining({ code: 'repository-too-large' }) as unknown;

  function fault(take: () => void): unknown {
    try {
      take();
      return null;
    } catch (error) {
      return error;
    }
  }

  test('are refused, whatever git prints of them', () => {
    const take = takeRefs(new ReferenceList());
    for (let from = 0; from < 200_000; from += 1000) take(Buffer.from(many(from)));
    expect(fault(() => take(Buffer.from(many(200_000))))).toEqual(tooLarge);
  });

  test('are refused where their names take many bytes, or one is longer than a name', () => {
    const take = takeRefs(new ReferenceList());
    const some = () => Array.from({ length: 300 }, (_, at) => take(Buffer.from(`${long}${at}\n`)));
    expect(fault(some)).toEqual(tooLarge);
    expect(fault(() => refsOf(`${long}${'n'.repeat(10_000)}\n`))).toEqual(tooLarge);
  });

  test('of other kinds do not count', () => {
    const take = takeRefs(new ReferenceList());
    const pulls = many(0).replaceAll('refs/heads', 'refs/pull');
    for (let from = 0; from < 300_000; from += 1000) take(Buffer.from(pulls));
    expect(take(Buffer.from(many(0)))).toBe(true);
  });

  test('are refused in the host’s own answer, without waiting for its end', async () => {
    let sent = 0;
    const packets = async function* (): AsyncGenerator<Packet> {
      for (;;) {
        sent += 1;
        yield { kind: 'line', payload: Buffer.from(`${id('a')} refs/heads/${sent}\n`) };
      }
    };
    await expect(readRefs(packets())).rejects.toEqual(tooLarge);
    expect(sent).toBe(200_001);
  });

  test('are refused in the mirror', async () => {
    const listed = { code: 0, stdout: Buffer.alloc(0), complaint: '', timedOut: false };
    const row = `${id('a')}   refs/heads/x\n`.repeat(1000);
    const refs = ownRefs(async (_, { begin }) => {
      const take = begin?.();
      for (let at = 0; at < 201; at += 1) take?.(Buffer.from(row));
      return listed;
    }, 'main');
    await expect(refs).rejects.toEqual(tooLarge);
  });
});
