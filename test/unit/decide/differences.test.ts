import type { History } from '../../../src/git/contract.js';
import { createDifferences } from '../../../src/decide/differences.js';

function askedHistory() {
  const asked: string[] = [];
  const answer = <T>(question: string, value: T): Promise<T> => {
    asked.push(question);
    return Promise.resolve(value);
  };
  const history: Pick<History, 'has' | 'changedPaths' | 'between'> = {
    has: (commit) => answer(`has ${commit}`, true),
    changedPaths: (from, to) => answer(`paths ${from} ${to}`, ['b', 'a']),
    between: (from, to) =>
      answer(`commits ${from} ${to}`, [{ sha: to, short: to, time: 0, message: 'Change a and b' }]),
  };
  return { asked, history };
}

test('many services with one baseline and one head cost one difference', async () => {
  const { asked, history } = askedHistory();
  const differences = createDifferences(history);
  const all = await Promise.all(Array.from({ length: 41 }, () => differences.between('old', 'new')));
  expect(asked).toEqual(['paths old new', 'commits old new']);
  expect(all[40]?.changed.paths).toEqual(['a', 'b']);
  expect(all[40]?.messages).toEqual(['Change a and b']);
});

test('another baseline is another difference', async () => {
  const { asked, history } = askedHistory();
  const differences = createDifferences(history);
  await differences.between('old', 'new');
  await differences.between('older', 'new');
  expect(asked).toHaveLength(4);
});

test('between a commit and itself git is not asked', async () => {
  const { asked, history } = askedHistory();
  const { changed, messages } = await createDifferences(history).between('new', 'new');
  expect([asked, changed.paths, messages]).toEqual([[], [], []]);
});

test('whether a commit is there is asked once', async () => {
  const { asked, history } = askedHistory();
  const differences = createDifferences(history);
  expect([await differences.has('old'), await differences.has('old')]).toEqual([true, true]);
  expect(asked).toEqual(['has old']);
});

test('commits that were too many to list ask for nothing', async () => {
  const { history } = askedHistory();
  const commits = [{ sha: 'c', short: 'c', time: 0, message: '[skip ci]' }];
  const between = () => Promise.resolve(Object.assign(commits, { isCut: true } as const));
  const { messages } = await createDifferences({ ...history, between }).between('old', 'new');
  expect(messages).toEqual(['[skip ci]', '']);
});
