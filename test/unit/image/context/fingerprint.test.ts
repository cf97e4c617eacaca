import { fingerprintOf, reuseBlockedBy, type FingerprintParts } from '../../../../src/image/context/fingerprint.js';

const entry = (path: string, id = 'id', mode = '100644') => ({ path, id, mode });
const parts: FingerprintParts = {
  entries: [entry('a'), entry('b')],
  dockerfile: 'FROM a',
  target: null,
  buildArgs: { X: '1', Y: '2' },
  bases: { 'a:1': 'sha256:aa' },
  platform: 'linux/amd64',
  secrets: [],
};

describe('a fingerprint', () => {
  test('does not depend on any order', async () => {
    const turned = { ...parts, entries: [entry('b'), entry('a')], buildArgs: { Y: '2', X: '1' } };
    expect(await fingerprintOf(turned)).toBe(await fingerprintOf(parts));
    expect(await fingerprintOf(parts)).toMatch(/^[0-9a-f]{64}$/);
  });

  test('of the same inputs is what it has always been, whatever the names: images are found by it', async () => {
    const names = [
      'a',
      'a b',
      'a!',
      'a"b',
      'a#',
      'a/b',
      'a\\',
      'a\n',
      'a\u0001',
      'ab',
      'é',
      '\uff21',
      '\u{1f600}',
      'a\udcff',
    ];
    const entries = [...names, 'Z', 'a-b/c', 'a.b'].map((name) => entry(name));
    for (const order of [entries, [...entries].reverse()])
      expect(await fingerprintOf({ ...parts, entries: order })).toBe(
        '8f1b69fd5f4cb28c863e2804d1a6b5eb316c888ef68bc4d4ec0df4f80e4e4010',
      );
  });

  test('of entries that are passed over is that of none', async () => {
    const passesOver = (path: string) => path === 'run';
    const entries = [entry('a'), entry('b'), entry('run')];
    expect(await fingerprintOf({ ...parts, entries, passesOver })).toBe(await fingerprintOf(parts));
    expect(await fingerprintOf({ ...parts, entries })).not.toBe(await fingerprintOf(parts));
  });

  test.each<[string, Partial<FingerprintParts>]>([
    ['a content', { entries: [entry('a', 'other'), entry('b')] }],
    ['a mode', { entries: [entry('a', 'id', '100755'), entry('b')] }],
    ['a name', { entries: [entry('a'), entry('c')] }],
    ['one file less', { entries: [entry('a')] }],
    ['an empty folder', { folders: ['f'] }],
    ['the Dockerfile', { dockerfile: 'FROM b' }],
    ['the target', { target: 't' }],
    ['a build argument', { buildArgs: { X: '1', Y: '3' } }],
    ['the digest of a base', { bases: { 'a:1': 'sha256:bb' } }],
    ['the platform', { platform: 'linux/arm64' }],
    ['the id of a secret', { secrets: ['npmrc'] }],
  ])('changes with %s', async (_, change) => {
    expect(await fingerprintOf({ ...parts, ...change })).not.toBe(await fingerprintOf(parts));
  });
});

describe('an image may stand for another build', () => {
  const reading = {
    args: [],
    remoteAdds: [],
    unresolvedBases: [],
    foreignSyntax: false,
    isUnderstood: true,
    wholeBecause: null,
  };

  test('where all its inputs are known', () => {
    expect(reuseBlockedBy(reading, { a: 'sha256:aa' })).toBeNull();
  });

  test.each([
    ['a remote ADD', { ...reading, remoteAdds: ['https://x.y/z'] }, {}, /https:\/\/x\.y\/z/],
    ['a base without a digest', reading, { 'a:1': null }, /a:1/],
    ['a base that depends on something unknown', { ...reading, unresolvedBases: ['a:$X'] }, {}, /a:\$X/],
    ['a Dockerfile that is not understood', { ...reading, isUnderstood: false, wholeBecause: 'of x' }, {}, /^of x\.$/],
    ['a frontend of its own', { ...reading, foreignSyntax: true }, {}, /frontend/],
  ])('not with %s, and the reason says so', (_, read, bases, reason) => {
    expect(reuseBlockedBy(read, bases)).toMatch(reason);
  });
});
