import { readDockerfile, withTriggers, type ReadingOptions } from '../../../../src/image/dockerfile/dockerfile.js';

const read = (text: string, options: Partial<ReadingOptions> = {}) =>
  readDockerfile(text, { buildArgs: {}, target: null, ...options });

describe('the sources that a Dockerfile reads', () => {
  test.each<[string, string, readonly string[] | 'whole']>([
    ['nothing', 'FROM a\nRUN x', []],
    ['one file', 'FROM a\nCOPY pom.xml /app/', ['pom.xml']],
    ['several files', 'FROM a\nCOPY a b c /app/', ['a', 'b', 'c']],
    ['the whole context', 'FROM a\nCOPY . .', ['.']],
    ['the whole context by a slash', 'FROM a\nCOPY / /x', ['.']],
    ['a glob', 'FROM a\nCOPY target/*.jar app.jar', ['target/*.jar']],
    ['paths that seem to leave', 'FROM a\nCOPY ../../x /y ./z/ /dst', ['x', 'y', 'z']],
    ['JSON arrays', 'FROM a\nCOPY ["with space", "b", "/dst"]', ['with space', 'b']],
    ['brackets that are no JSON', 'FROM a\nCOPY [a]b /dst', ['[a]b']],
    ['flags in front', 'FROM a\nCOPY --link --chmod=755 --chown=1:1 x /', ['x']],
    ['lower case', 'from a\ncopy x /', ['x']],
    ['continuation with comments', 'FROM a\nCOPY a \\\n# comment\n\n  b \\\n  /dst', ['a', 'b']],
    ['an escaped escape, which continues nothing', 'FROM a\nRUN echo \\\\\nCOPY x /', ['x']],
    ['another escape', '# escape=`\nFROM a\nCOPY a `\n  b /dst', ['a', 'b']],
    ['quoted words', 'FROM a\nCOPY "x" \'y\' /dst', ['x', 'y']],
    ['ADD of files', 'FROM a\nADD rootfs.tar.gz /', ['rootfs.tar.gz']],
    ['bind mounts', 'FROM a\nRUN --mount=type=bind,source=src,target=/s --mount=target=/all make', ['src', '.']],
    [
      'no other mounts',
      'FROM a\nRUN --mount=type=cache,target=/c --mount=type=secret,id=x --mount=type=tmpfs,target=/t make',
      [],
    ],
    ['no mounts from stages', 'FROM a AS s\nFROM b\nRUN --mount=from=s,target=/x make', []],
    ['an ARG with default', 'FROM a\nARG JAR=target/*.jar\nCOPY ${JAR} /', ['target/*.jar']],
    ['an ARG of the first lines', 'ARG V=1\nFROM a\nARG V\nCOPY app-$V.jar /', ['app-1.jar']],
    ['an ENV', 'FROM scratch\nENV A=x B="y z"\nCOPY $A "$B" /', ['x', 'y z']],
    ['an old ENV', 'FROM scratch\nENV A x y\nCOPY ["$A", "/"]', ['x y']],
    ['defaults', 'FROM scratch\nCOPY ${X:-a} ${X-b} ${X:+c}d /', ['a', 'b', 'd']],
    ['ENV inherited by a stage', 'FROM scratch AS s\nENV A=x\nFROM s\nCOPY $A /', ['x']],
    ['ENV over ARG', 'FROM scratch\nARG A=arg\nENV A=env\nCOPY $A /', ['env']],
    ['a variable that the base may set', 'FROM a\nCOPY $APP /', 'whole'],
    ['a form not understood', 'FROM scratch\nARG A=b\nCOPY ${A#b}x /', 'whole'],
    ['a here-document', 'FROM a\nCOPY <<EOF /etc/conf\nCOPY nope /\nEOF\nCOPY x /', ['x']],
    ['a here-document of RUN', 'FROM a\nRUN <<-"EOF" sh\n\tCOPY nope /\n\tEOF\nCOPY x /', ['x']],
    ['two here-documents', 'FROM a\nCOPY <<A <<B f /\nin a\nA\nin b\nB\nCOPY x /', ['f', 'x']],
    ['an unending here-document', 'FROM a\nRUN cat <<EOF\nCOPY x /', ['x']],
    ['another frontend', '# syntax=example/front:1\nTHIS IS OTHER', 'whole'],
    ["Docker's frontend", '# syntax=docker/dockerfile:1.7-labs\nFROM a\nCOPY --parents src/**/pom.xml /', ['src']],
    ['ONBUILD for others', 'FROM a\nONBUILD COPY x /', []],
    ['ONBUILD for a stage of the file', 'FROM scratch AS s\nONBUILD COPY x /\nFROM s', ['x']],
    ['stages that the target does not need', 'FROM a AS s\nCOPY no /\nFROM b\nCOPY yes /', ['yes']],
    ['stages through FROM', 'FROM a AS s\nCOPY s /\nFROM S\nCOPY t /', ['t', 's']],
    ['stages through COPY --from', 'FROM a\nCOPY s /\nFROM b\nCOPY --from=0 /s /\nCOPY t /', ['t', 's']],
    ['stages through mounts', 'FROM a AS s\nCOPY s /\nFROM b\nRUN --mount=type=cache,from=s,target=/c x', ['s']],
    ['a byte order mark', '\uFEFFFROM a\nCOPY x /', ['x']],
    ['Windows line ends', 'FROM a\r\nCOPY x \\\r\n  y /\r\n', ['x', 'y']],
  ])('%s', (_, text, sources) => {
    expect(read(text).sources).toEqual(sources);
  });

  test('are of the target stage where one is named, in any case, or by number', () => {
    const text = 'FROM a AS Build\nCOPY b /\nFROM a\nCOPY c /';
    expect(read(text, { target: 'bUILD' }).sources).toEqual(['b']);
    expect(read(text, { target: '0' }).sources).toEqual(['b']);
  });

  test('follow build arguments, but only those that are declared', () => {
    expect(read('FROM scratch\nARG A=x\nCOPY $A$B /', { buildArgs: { A: 'y', B: 'z' } }).sources).toEqual(['y']);
  });

  test('are whole where an external base may have triggers, not where the base is scratch', () => {
    expect(withTriggers(read('FROM a\nCOPY x /')).sources).toBe('whole');
    expect(withTriggers(read('FROM a\nCOPY x /')).wholeBecause).toMatch(/ONBUILD/);
    expect(withTriggers(read('FROM scratch\nCOPY x /')).sources).toEqual(['x']);
  });

  test('follow the environment of the base where it is known', () => {
    expect(read('FROM a:1\nARG W=1\nCOPY $V$W /', { baseEnv: { 'a:1': { V: '2' } } }).sources).toEqual(['21']);
  });

  test.each<[string, string, readonly string[]]>([
    ['an ARG after the ENV of a base', 'FROM a:1\nARG V=1\nCOPY $V /', ['1']],
    ['an ARG after an ENV', 'FROM scratch\nENV V=1\nARG V=2\nCOPY $V /', ['2']],
    ['an ARG without a value, which changes nothing', 'FROM scratch\nENV V=1\nARG V\nCOPY $V /', ['1']],
    ['an ARG of the stage before, declared again', 'FROM scratch AS b\nARG V=1\nFROM b\nARG V\nCOPY a/$V /', ['a/1']],
    [
      'the ENV of the stage before, whatever its ARG said since',
      'FROM scratch AS b\nENV V=1\nARG V=2\nFROM b\nCOPY $V /',
      ['1'],
    ],
  ])('follow the last that sets a variable: %s', (_what, text, sources) => {
    expect(read(text, { baseEnv: { 'a:1': { V: '0' } } }).sources).toEqual(sources);
  });

  test('cannot be known where variables grow without end', () => {
    const grown = Array.from({ length: 60 }, () => 'ENV A=$A$A').join('\n');
    expect(read(`FROM scratch\nENV A=aaaaaaaa\n${grown}\nCOPY $A /`).sources).toBe('whole');
    const nested = `${'${A:-'.repeat(5000)}x${'}'.repeat(5000)}`;
    for (const env of ['', 'ENV A=a\n']) expect(read(`FROM scratch\n${env}COPY ${nested} /`).sources).toBe('whole');
  });

  test('are known where what is not known does not count', () => {
    const text = (word: string) => `FROM scratch\nARG TARGETARCH\nENV A=a\nCOPY ${word} /`;
    for (const word of ['${A:-$TARGETARCH/x}', '${A:-"$TARGETARCH}"}', '${N:+${TARGETARCH}y}a', '"${A:-$TARGETARCH}"'])
      expect([word, read(text(word)).sources]).toEqual([word, ['a']]);
    for (const word of ['${A:-${B#c}}', '${A:-"}', "${A:-'}", '${A:-$TARGETARCH'])
      expect([word, read(text(word)).sources]).toEqual([word, 'whole']);
  });

  test('may be addresses where a variable is not known', () => {
    for (const word of [
      'https://a.b/tool-$TARGETARCH.tgz',
      '$TARGETARCH',
      '"${TARGETARCH}/x"',
      'git@$TARGETARCH:x',
      'http$TARGETARCH',
    ]) {
      const { remoteAdds, sources } = read(`FROM scratch\nARG TARGETARCH\nADD ${word} /`);
      expect([remoteAdds, sources]).toEqual([[word], 'whole']);
    }
    for (const word of ['a/$TARGETARCH', 'app-$TARGETARCH'])
      expect(read(`FROM scratch\nARG TARGETARCH\nADD ${word} /`).remoteAdds).toEqual([]);
    expect(read('FROM scratch\nARG TARGETARCH\nCOPY $TARGETARCH /').remoteAdds).toEqual([]);
  });

  test('follow the platform where it is known', () => {
    const text = 'FROM scratch\nARG TARGETARCH\nCOPY app-$TARGETARCH /';
    expect(read(text).sources).toBe('whole');
    expect(read(text, { platform: 'linux/arm64' }).sources).toEqual(['app-arm64']);
  });
});

test('each source that is spelled out has the first line that reads it', () => {
  const text = [
    'FROM a AS first',
    'COPY \\',
    '  lib a /',
    'FROM first',
    'COPY $X /',
    'COPY lib \\',
    '  b /',
    'RUN --mount=source=c,target=/c make',
  ].join('\n');
  const { sources, knownSources, sourceLines } = read(text);
  const lines = new Map(knownSources.map((source, at) => [source, sourceLines[at]]));
  expect([sources, lines]).toEqual([
    'whole',
    new Map([
      ['lib', 2],
      ['a', 2],
      ['b', 6],
      ['c', 8],
    ]),
  ]);
});

describe('the base images of a Dockerfile', () => {
  test.each<[string, string, readonly string[]]>([
    ['one', 'FROM a:1', ['a:1']],
    ['expanded', 'ARG V=17\nFROM jdk:${V}-slim', ['jdk:17-slim']],
    ['expanded by default values', 'FROM ${BASE:-a}:${V:-1}', ['a:1']],
    ['not scratch', 'FROM scratch', []],
    ['not stages', 'FROM a AS b\nFROM b', ['a']],
    ['not those of stages that are not needed', 'FROM a AS x\nFROM b', ['b']],
    ['of COPY --from and mounts', 'FROM a\nCOPY --from=c:2 /x /\nRUN --mount=from=d,target=/d x', ['a', 'c:2', 'd']],
    ['once each', 'FROM a AS x\nFROM a\nCOPY --from=x / /', ['a']],
    ['for another platform', 'FROM --platform=$BUILDPLATFORM a', ['a']],
    ['a stage named like its own base', 'FROM a AS a', ['a']],
  ])('%s', (_, text, bases) => {
    expect(read(text).bases).toEqual(bases);
  });

  test('take build arguments for the ARGs in front of the first FROM', () => {
    expect(read('ARG V=17\nFROM jdk:$V', { buildArgs: { V: '21' } }).bases).toEqual(['jdk:21']);
  });

  test('are listed as unresolved where they depend on an unknown platform', () => {
    expect(read('FROM go-$TARGETARCH').unresolvedBases).toEqual(['go-$TARGETARCH']);
    expect(read('FROM go-$TARGETARCH', { platform: 'linux/amd64' }).bases).toEqual(['go-amd64']);
  });

  test('that a stage begins from are distinguished from those that are copied from', () => {
    expect(read('FROM a\nCOPY --from=c /x /').parents).toEqual(['a']);
  });
});

test('stages are listed with name, base, platform and whether the target needs them', () => {
  expect(read('FROM --platform=linux/amd64 a AS One\nFROM b').stages).toEqual([
    { name: 'one', base: 'a', platform: 'linux/amd64', needed: false },
    { name: null, base: 'b', platform: null, needed: true },
  ]);
});

test('remote ADDs are distinguished from files', () => {
  const reading = read('FROM a\nADD https://x.y/z.tgz git@x.y:a/b.git me@x.y:a/b local /');
  expect(reading.remoteAdds).toEqual(['https://x.y/z.tgz', 'git@x.y:a/b.git', 'me@x.y:a/b']);
  expect(reading.sources).toEqual(['local']);
});

test('declared ARGs are listed by name', () => {
  expect(read('ARG A=1\nFROM a\nARG B C="x y"\nARG A').args).toEqual(['A', 'B', 'C']);
});

test.each([
  ['', /no FROM/],
  ['# only a comment', /no FROM/],
  ['RUN x\nFROM a', /line 1: RUN/],
  ['FROM a\n\nFORM b', /line 3: unknown instruction FORM/],
  ['FROM a b', /line 1: FROM takes/],
  ['FROM a AS', /line 1: FROM takes/],
  ['FROM a\nCOPY x', /line 2: COPY needs/],
  ['FROM a\nONBUILD FROM b', /line 2: ONBUILD/],
  ['FROM $NONE', /line 1: the base/],
  ['FROM a\nRUN a \\\n  b\nNOPE', /line 4/],
])('%j is left to the engine, with the line and the whole context', (text, message) => {
  expect(read(text)).toMatchObject({
    isUnderstood: false,
    sources: 'whole',
    wholeBecause: expect.stringMatching(message),
  });
});

test('a target that does not exist is left to the engine', () => {
  expect(read('FROM a AS b', { target: 'c' }).wholeBecause).toMatch(/"c"/);
});

test('a Dockerfile over the limits is refused', () => {
  const long = `FROM a\n${'RUN x\n'.repeat(10_000)}`;
  for (const text of [long, `FROM a\n#${'x'.repeat(1024 * 1024)}`])
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'dockerfile-invalid' }));
});

test('stages that copy from each other in a circle end the reading all the same', () => {
  expect(read('FROM a AS x\nCOPY --from=y / /\nFROM a AS y\nCOPY --from=x / /\nCOPY f /').sources).toEqual(['f']);
});
