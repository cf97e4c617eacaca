import { sentenceOf, type SentenceFacts } from '../../../../src/decide/why/sentence.js';
import type { Reason } from '../../../../src/model/decision.js';

const because = (code: Reason['code'], message: string, paths: string[] = [], patterns: string[] = []): Reason => ({
  ...{ code, message, paths, patterns },
});
const included = (message: string, paths: string[], patterns: string[]) =>
  because('included-path-changed', message, paths, patterns);
const say = (decision: 'build' | 'skip', reason: Reason, more: Partial<SentenceFacts> = {}) =>
  sentenceOf({
    decision: { service: 'shop', decision, reason, head: 'c1a2b3d'.padEnd(40, '0') },
    ...{ status: 'succeeded', chain: [], ...more },
  });

test.each([
  [
    because('only-excluded-paths-changed', '1 path changed in excluded regions only: a.md (**/*.md).', ['a.md']),
    'the one path that changed is excluded.',
  ],
  [
    because('only-excluded-paths-changed', '31 paths changed in excluded regions only: a.md and 30 more.', ['a.md']),
    'the 31 paths that changed are excluded.',
  ],
  [
    because('no-included-path-changed', '2 paths changed, none of this service.'),
    'the 2 paths that changed are not of this service.',
  ],
  [
    because('only-run-file-changed', '1 run file changed, and nothing that the image is made of: a (run file).', ['a']),
    'only a run file changed, and no image is made of it: a.',
  ],
  [
    because('only-run-file-changed', '3 run files changed, and nothing that the image is made of: a and 2 more.', [
      ...['a', 'b', 'c'],
    ]),
    'only 3 run files changed, and no image is made of them: a and 2 more.',
  ],
  [
    because('only-run-file-changed', 'The run file in force changed, and nothing that the image is made of.'),
    'only the run file in force changed, and no image is made of it.',
  ],
  [because('no-change', 'No path differs from the last built commit.'), 'no path differs from the last built commit.'],
  [because('waiting-for-artifact', 'Branch main has no artifact yet.'), 'branch main has no artifact yet.'],
])('nothing was built: %j', (reason, clause) => {
  expect(say('skip', reason)).toBe(`Nothing was built for shop at c1a2b3d, because ${clause}`);
});

test.each([
  [included('1 path of the service changed: a (src/**).', ['a'], ['src/**']), 'a matches src/**.'],
  [included('4 paths of the service changed: a.', ['a', 'b'], ['src/**']), 'a (and 3 more) match src/**.'],
  [included('1 path of the service changed: a.', ['a'], ['(packaging)']), 'a is packaging of the service.'],
  [
    included('2 paths of the service changed: a.', ['a'], ['(every path)']),
    'a (and 1 more) changed, and every path counts.',
  ],
  [
    included('2 paths of the service changed: a.', ['a'], ['x/**', 'y/**']),
    'a (and 1 more) changed, which the service includes.',
  ],
  [because('forced', 'Ann asked for a rebuild.'), 'Ann asked for a rebuild.'],
])('it was built: %j', (reason, clause) => {
  expect(say('build', reason)).toBe(`shop was built at c1a2b3d, because ${clause}`);
});

test.each([
  ['queued', 'shop will be built at c1a2b3d, because'],
  ['running', 'shop is being built at c1a2b3d, because'],
  ['failed', 'shop was to be built at c1a2b3d and failed, because'],
  ['canceled', 'shop was to be built at c1a2b3d and was canceled, because'],
  ['superseded', 'shop was to be built at c1a2b3d and was overtaken, because'],
  [null, 'shop was built at c1a2b3d, because'],
] as const)('a build that is %s', (status, beginning) => {
  const said = say('build', because('first-build', 'Branch main has no image of this service yet.'), { status });
  expect(said).toBe(`${beginning} branch main has no image of this service yet.`);
});

test('a base image is named with what led to it', () => {
  const reason = because('base-image-changed', 'Base image registry/java-base:main has a newer image.');
  const base = { service: 'java-base', tag: '17-4' };
  expect(say('build', reason, { chain: [base] })).toBe(
    'shop was built at c1a2b3d, because its base java-base got 17-4.',
  );
  expect(say('build', reason, { chain: [{ service: 'jdk', tag: '17' }, base] })).toBe(
    'shop was built at c1a2b3d, because its base java-base got 17-4 (chain: jdk → java-base → shop).',
  );
  expect(say('build', reason)).toBe(
    'shop was built at c1a2b3d, because base image registry/java-base:main has a newer image.',
  );
});
