import { relocate } from '../../../../src/image/context/relocate.js';

describe('a Dockerfile for a context that was moved into a folder', () => {
  test.each([
    ['COPY . /app', 'COPY context/ /app'],
    ['COPY --chown=1:1 a ./b/ ../c /d/', 'COPY --chown=1:1 context/a context/b context/c /d/'],
    ['COPY ["a b", "/c"]', 'COPY ["context/a b","/c"]'],
    ['COPY $A /', 'COPY context/$A /'],
    ['COPY "a" /', 'COPY context/"a" /'],
    ['COPY --from=x a /', 'COPY --from=x a /'],
    ['ADD https://x.y/z a.tar /', 'ADD https://x.y/z context/a.tar /'],
    ['RUN --mount=type=bind,source=a,target=/b x', 'RUN --mount=type=bind,target=/b,source=context/a x'],
    ['RUN --mount=target=/b x', 'RUN --mount=target=/b,source=context/ x'],
    ['RUN --mount=type=cache,target=/b x', 'RUN --mount=type=cache,target=/b x'],
    ['RUN --mount=from=s,target=/b x', 'RUN --mount=from=s,target=/b x'],
    ['COPY a \\\n  # why\n  b /c\nRUN x', 'COPY context/a   context/b /c\n\n\nRUN x'],
    ['COPY <<EOF f /c\nCOPY a b\nEOF\nRUN x', 'COPY <<EOF context/f /c\nCOPY a b\nEOF\nRUN x'],
  ])('reads it there: %j', (line, expected) => {
    expect(relocate(`FROM a\n${line}\n`)?.replace(/ +/g, ' ')).toBe(`FROM a\n${expected}\n`.replace(/ +/g, ' '));
  });

  test.each(['ONBUILD COPY a /', 'ADD $URL /', 'COPY --chown="a b" c /'])(
    'is not made where that is not safe: %j',
    (line) => {
      expect(relocate(`FROM a\n${line}\n`)).toBeNull();
    },
  );
});
