/** Kinds of writing in which readers of Dockerfiles differ. What BuildKit makes of each was read in its source; the reader names the place. */
import { readDockerfile, type ReadingOptions } from '../../../../src/image/dockerfile/dockerfile.js';

const read = (text: string, options: Partial<ReadingOptions> = {}) =>
  readDockerfile(text, { buildArgs: {}, target: null, ...options });

type Row = readonly [instructions: string, sources: readonly string[] | 'whole'];

const expectSources = (first: string) => (instructions: string, sources: Row[1]) => {
  const { sources: found, isUnderstood } = read(`${first}\n${instructions}`);
  expect({ found, isUnderstood }).toEqual({ found: sources, isUnderstood: true });
};

/** Follows a here-document whose content would be refused as instructions. */
const after = (opener: string, end = 'EOF') => `${opener}\nno instruction\n${end}\nCOPY a /a`;

describe('openers of here-documents', () => {
  test.each<Row>([
    [after('RUN cat << EOF > /h'), ['a']],
    [after('RUN cat 0<< EOF'), ['a']],
    [after('RUN cat <<\tEOF'), ['a']],
    [after('RUN tee /x << "EOF"'), ['a']],
    [after("RUN tee /x <<  'EOF'"), ['a']],
    [after('RUN --mount=type=cache,target=/c cat << EOF'), ['a']],
    [after('RUN cat <<E"O"F'), ['a']],
    [after('RUN cat <<\\EOF'), ['a']],
    [after('RUN cat <<"E F"', 'E F'), ['a']],
    [after('RUN cat <<"a\\"b"', 'a"b'), ['a']],
    [after('RUN cat <<$X', '$X'), ['a']],
    ['RUN cat <<${X:-y}\nCOPY a /a', ['a']],
    [after('RUN cat <<-EOF', '\t\tEOF'), ['a']],
    [after('RUN cat 3<<EOF', 'EOF\r'), ['a']],
    [after('ONBUILD RUN cat << EOF'), ['a']],
    [after('RUN ["a" <<EOF'), ['a']],
    ['COPY "<<EOF" /b', ['<<EOF']],
    ['COPY ["<<EOF", "b", "/b/"]', ['b']],
    ['RUN ["cat", "<<EOF"]\nCOPY a /a', ['a']],
    ['RUN cat <<<EOF\nCOPY a /a', ['a']],
    ['RUN cat<<EOF\nCOPY a /a', ['a']],
    ["RUN echo it's <<EOF\nCOPY a /a\nLABEL a='\nCOPY b /b", ['a', 'b']],
    ['RUN echo ${x <<EOF\nCOPY a /a', ['a']],
    ['RUN cat <<""\nCOPY a /a', ['a']],
    ['RUN cat << # EOF\nCOPY a /a', ['a']],
  ])('%j', expectSources('FROM scratch'));

  test.each(['RUN cat <<- EOF', 'LABEL a=<<EOF', 'RUN cat "<<EOF"'])(
    '%j opens none, so that the engine refuses what follows',
    (opener) => {
      expect(read(`FROM scratch\n${after(opener)}`)).toMatchObject({ isUnderstood: false, sources: 'whole' });
    },
  );
});

describe('blanks', () => {
  test.each<Row>([
    ['COPY 資料\u3000一.txt a\u00a0b.txt /x/', ['資料\u3000一.txt', 'a\u00a0b.txt']],
    ['COPY Bild\u202fvom.png b\u0085c d\ufeffe /x/', ['Bild\u202fvom.png', 'b\u0085c', 'd\ufeffe']],
    ['COPY\ta\v\fb\r/x/', ['a', 'b']],
    ['\u3000\u0085COPY a /x/\u00a0', ['a']],
    ['COPY a \\\n\u3000# a comment\n\u0085\n  b /x/', ['a', 'b']],
    ['COPY a\\\n\u00a0b /x/', ['a\u00a0b']],
    ['COPY a \\\u00a0\nCOPY b /x/', ['a', 'b']],
    ['COPY a /x/\r\r\nCOPY b /x/\r', ['a', 'b']],
    ['ENV A=a\u3000B=b\nCOPY $A $B /x/', ['a', 'b']],
    ['ENV A a\u3000B=b\nCOPY ["$A", "/x/"]', ['a\u3000B=b']],
    ['ARG A=a\u2028B=b\nCOPY $A$B /x/', ['ab']],
    ['ENV "A b"=c D=d\nCOPY $D /x/', ['d']],
  ])('%j', expectSources('FROM scratch'));

  test('other than those of ASCII do not end an instruction or the name of an image', () => {
    expect(read('FROM scratch\nCOPY\u00a0a /x').isUnderstood).toBe(false);
    expect(read('FROM a\u00a0b').bases).toEqual(['a\u00a0b']);
    expect(read('\ufeff\ufeffFROM a').isUnderstood).toBe(false);
  });
});

describe('fields of mounts', () => {
  const mount = (fields: string) => `RUN --mount=${fields} x`;

  test.each<Row>([
    [mount('type=bind,from=,source=src,target=/t'), ['src']],
    [mount('from=,target=/t'), ['.']],
    [mount('from="",source=a,target=/t'), ['a']],
    [mount('from=$NONE,source=a,target=/t'), ['a']],
    [mount('TYPE=BIND,SRC=a,target=/t'), ['a']],
    [mount('source=a,src=b,target=/t'), ['b']],
    [mount('source=,target=/t'), ['.']],
    [mount('"type=bind,source=a b",target=/t'), ['a b']],
    [mount('\\"type=bind\\",source=a\\ b,target=/t'), ['a b']],
    [`ARG T=cache\n${mount('type=$T,source=a,target=/t')}`, []],
    [`ARG T=BIND S=a\n${mount('type=$T,source=$S,target=/t')}`, ['a']],
    [`ARG TARGETARCH\n${mount('type=$TARGETARCH,source=a,target=/t')}`, ['a']],
    [`ARG TARGETARCH\n${mount('source=$TARGETARCH,target=/t')}`, 'whole'],
    [mount('type=cache,source=a,target=/t'), []],
    [mount('type=tmpfs,target=/t'), []],
    [mount('source=é,target=/t'), ['Ã©']],
  ])('%j', expectSources('FROM scratch'));

  test('a tmpfs is asked for, but nothing of it is read', () => {
    const { sources, asked } = read(`FROM scratch\n${mount('type=tmpfs,target=/t')}\nCOPY a /a`);
    expect({ sources, asked }).toEqual({ sources: ['a'], asked: ['.', 'a'] });
  });
});

describe('built-in arguments that older engines lack', () => {
  test.each(['TARGETSTAGE', 'TARGETOSVERSION', 'BUILDOSVERSION'])('%s is not known', (name) => {
    const text = `FROM scratch AS prod\nARG ${name}\nCOPY conf/$${name}.conf /x/`;
    expect(read(text, { platform: 'linux/amd64' }).sources).toBe('whole');
    expect(read(text, { buildArgs: { [name]: 'prod' } }).sources).toEqual(['conf/prod.conf']);
    expect(read(text.replace(`ARG ${name}\n`, '')).sources).toEqual(['conf/.conf']);
  });

  test('nor is a base that they name', () => {
    const text = 'FROM scratch AS base-prod\nCOPY a /\nFROM base-$TARGETSTAGE AS prod\nCOPY b /';
    expect(read(text).unresolvedBases).toEqual(['base-$TARGETSTAGE']);
    expect(read(text, { buildArgs: { TARGETSTAGE: 'prod' } }).sources).toEqual(['b', 'a']);
  });
});

describe('values of flags', () => {
  test.each<Row>([
    ['COPY --parents=True s/**/*.txt /x/', ['s']],
    ['COPY --parents=TRUE s/**/*.txt /x/', ['s']],
    ['COPY --parents="true" s/**/*.txt /x/', ['s']],
    ['COPY --par\\ents s/**/*.txt /x/', ['s']],
    ['COPY --parents=False s/**/*.txt /x/', ['s/**/*.txt']],
    ['COPY --from= a /x/', ['a']],
    ['COPY --from="" a /x/', ['a']],
    ["COPY --chown='a b' c /x/", ['c']],
    ['COPY --chown=a\\ b c /x/', ['c']],
    ['COPY -- a /x/', ['a']],
    ['COPY --link\u0085a /x/', ['a']],
    ['COPY --chown=à a /x/', ['a']],
  ])('%j', expectSources('FROM scratch'));

  test('have the escape character of the file', () => {
    expectSources('# escape=`\nFROM scratch')('COPY --chown=a` b c /x/', ['c']);
    expectSources('# escape=`\nFROM scratch')('COPY --chown=a\\ c /x/', ['c']);
  });

  test('name a stage after their quotes and escapes', () => {
    expect(read('FROM scratch AS s\nCOPY a /\nFROM scratch\nCOPY --from="s" /a /').sources).toEqual(['a']);
    expect(read('FROM scratch AS s\nCOPY a /\nFROM scratch\nCOPY --from=\\s /a /').sources).toEqual(['a']);
  });
});

describe('names of variables', () => {
  test.each<Row>([
    ['ARG S=v\nCOPY $Sé /x/', ['.']],
    ['ARG S=v\nCOPY $S語/a /x/', ['a']],
    ['ARG Sé=v\nCOPY ${Sé}/a /x/', ['v/a']],
    ['COPY a$12b /x/', ['ab']],
    ['COPY a${12}b /x/', ['ab']],
    ['COPY a$٣٤b /x/', ['ab']],
    ['ARG S=v\nCOPY a$S-b /x/', ['av-b']],
    ['ARG S=v\nCOPY a$S٣b /x/', ['a']],
    ['COPY a$@b a$#b a$-b /x/', ['ab']],
    ['COPY a$.b /x/', ['a$.b']],
    ['COPY ${1a} /x/', 'whole'],
    ['COPY ${S.} /x/', 'whole'],
    ['COPY a\\ /x/', ['a']],
    ['ARG N=S\nENV $N=v\nCOPY $S /x/', ['v']],
    ['ARG "S"=v\nCOPY $S /x/', ['v']],
    ["ARG A=v\nARG S='$A'\nCOPY $S /x/", 'whole'],
    ['ARG TARGETARCH\nENV $TARGETARCH=v\nARG S=s\nCOPY $S /x/', 'whole'],
  ])('%j', expectSources('FROM scratch'));
});

describe('schemes of ADD', () => {
  test.each<readonly [string, readonly string[], readonly string[]]>([
    ['ADD HTTP://x/y /q/', ['HTTP:/x/y'], ['HTTP://x/y']],
    ['ADD Https://x/y /q/', ['Https:/x/y'], ['Https://x/y']],
    ['ADD GIT://x/y SSH://x/y.git /q/', ['GIT:/x/y', 'SSH:/x/y.git'], ['GIT://x/y', 'SSH://x/y.git']],
    [
      'ADD http://x/y https://x/y git://x/y ssh://x/y a@b:c /q/',
      [],
      ['http://x/y', 'https://x/y', 'git://x/y', 'ssh://x/y', 'a@b:c'],
    ],
    ['ADD ftp://x/y /q/', ['ftp:/x/y'], []],
    ['COPY http://x/y /q/', ['http:/x/y'], []],
  ])('%j', (line, sources, remoteAdds) => {
    expect(read(`FROM scratch\n${line}`)).toMatchObject({ sources, remoteAdds });
  });
});

describe('patterns of --parents', () => {
  test.each<Row>([
    ['COPY --parents s/**/a /x/', ['s']],
    ['COPY --parents s/t**u/a /x/', ['s']],
    ['COPY --parents **/a /x/', ['.']],
    ['COPY --parents s/[^a]*/b /x/', ['s']],
    ['COPY --parents s/\\\\d/b /x/', ['s']],
    ['COPY --parents s/*/b t?/c /x/', ['s/*/b', 't?/c']],
    ['COPY --parents ./s/./t/**/a /x/', ['s/t']],
    ['COPY --parents !s /x/', ['.']],
    ['COPY s/t**u /x/', ['s/t**u']],
  ])('%j', expectSources('FROM scratch'));
});

describe('bytes that are not UTF-8', () => {
  const text = (line: Buffer) => Buffer.concat([Buffer.from('FROM scratch\n'), line]).toString();
  const latin1 = (line: string) => text(Buffer.from(line, 'latin1'));

  test('leave the context whole where a source holds them', () => {
    expect(read(latin1('COPY caf\u00e9 /x/')).sources).toBe('whole');
    expect(read(latin1('RUN --mount=source=caf\u00e9,target=/t x')).sources).toBe('whole');
    expect(read(latin1('ENV A=\u00e9\nCOPY $A /x/')).sources).toBe('whole');
  });

  test('change nothing elsewhere', () => {
    expect(read(latin1("# caf\u00e9\nCOPY <<'EOF' /x\ncaf\u00e9\nEOF\nCOPY a /a")).sources).toEqual(['a']);
  });
});

describe('directives', () => {
  test.each([
    '# escape=x\nFROM a',
    '# escape=`\n# escape=`\nFROM a',
    '#syntax=docker/dockerfile:1\n#syntax=docker/dockerfile:1\nFROM a',
  ])('%j is left to the engine', (text) => expect(read(text)).toMatchObject({ isUnderstood: false, sources: 'whole' }));
});
