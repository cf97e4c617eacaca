import type { BuildContext, ContextFiles } from '../../../../src/engine/contract.js';
import { fileSync } from '../../../../src/engine/context/file-sync.js';
import { contextOf, type TestFiles } from '../../../support/engine.js';
import { asking, ScriptedCall, type Script } from '../../../support/scripted-call.js';

const ofContext = { 'dir-name': ['context'] };
const ofDockerfile = { 'dir-name': ['dockerfile'] };

async function sync(context: BuildContext, script: Script, headers: Record<string, readonly string[]>) {
  const call = new ScriptedCall(headers, script);
  const error = await fileSync({
    context,
    dockerfile: 'Dockerfile',
    onFailure: () => undefined,
    onOddName: () => undefined,
  })
    .serve(call)
    .then(
      () => null,
      (reason: unknown) => reason,
    );
  const paths = call.sent.flatMap((packet) => (packet.kind === 'stat' ? [packet.stat.path] : []));
  const contents = call.sent.flatMap((packet) => (packet.kind === 'data' ? [packet.data.toString()] : []));
  return { error, paths, sent: call.sent, contents };
}

const files: TestFiles = { Dockerfile: 'FROM scratch', '.dockerignore': '*.md', 'a/one': '1', 'a/two': '22' };
const offered = ['.dockerignore', 'Dockerfile', 'a', 'a/one', 'a/two'];

describe('the folders that an engine asks for', () => {
  const apart: ContextFiles = contextOf({ 'a/one': '1', '.dockerignore': 'x' });
  const asked: (readonly string[])[] = [];
  const context: BuildContext = {
    ...contextOf(files),
    apart: {
      dockerfile: Buffer.from('FROM other'),
      async offer(paths) {
        asked.push(paths);
        return apart;
      },
      named: async (paths) => contextOf(Object.fromEntries(paths.map((path) => [path, 'named']))),
    },
  };

  test.each<[string, BuildContext, Record<string, readonly string[]>, readonly string[]]>([
    ['the Dockerfile out of the context', contextOf(files), ofDockerfile, ['Dockerfile']],
    ['the Dockerfile carried apart', context, ofDockerfile, ['Dockerfile']],
    ['the context without what is carried apart', context, ofContext, ['.dockerignore', 'a', 'a/one']],
    ['the ignore file alone', contextOf(files), { ...ofContext, followpaths: ['.dockerignore'] }, ['.dockerignore']],
    [
      'an ignore file that is not there',
      contextOf({ a: '1' }),
      { ...ofContext, followpaths: ['Dockerfile.dockerignore', '.dockerignore'] },
      [],
    ],
    [
      'paths that only end like an ignore file: all',
      contextOf({ 'cfg.dockerignore/a': '1', 'b.dockerignore': '1' }),
      { ...ofContext, followpaths: ['*.dockerignore'] },
      ['b.dockerignore', 'cfg.dockerignore', 'cfg.dockerignore/a'],
    ],
    ['an ignore file beside a context', context, { ...ofContext, followpaths: ['.dockerignore'] }, ['.dockerignore']],
    ['some paths: all, for what else may be read', contextOf(files), { ...ofContext, followpaths: ['a'] }, offered],
    [
      'less by patterns: all, for ours are applied',
      contextOf(files),
      { ...ofContext, 'exclude-patterns': ['a'] },
      offered,
    ],
  ])('%s', async (_, given, headers, expected) => {
    const { error, paths } = await sync(given, asking(), headers);
    expect(error).toBeNull();
    expect(paths).toEqual(expected);
  });

  test.each<[string, Record<string, readonly string[]>, readonly string[]]>([
    ['everything', {}, []],
    ['some', { followpaths: ['a', 'b/*.txt'] }, ['a', 'b/*.txt']],
    ['names as bytes', { followpaths: [Buffer.from('資料/é').toString('latin1')] }, ['資料/é']],
    ['encoded names', { followpaths: ['%C3%A9+%2B', 'a%2Cb'], 'followpaths-encoded': ['1'] }, ['é +', 'a,b']],
    ['an encoding that breaks: everything', { followpaths: ['a', '%C3'], 'followpaths-encoded': ['true'] }, []],
    ['bytes that are not UTF-8: everything', { followpaths: ['a', 'caf\u00e9'] }, []],
    ['characters that are no bytes: everything', { followpaths: ['a', '\u8cc7'] }, []],
    ['more than paths: everything', { followpaths: ['a'], 'include-patterns': ['b'] }, []],
    ['its ignore file for a COPY', { followpaths: ['.dockerignore'], 'exclude-patterns': ['b'] }, ['.dockerignore']],
  ])('are chosen by the paths that it names: %s', async (_, headers, expected) => {
    asked.length = 0;
    const { error, paths } = await sync(context, asking(), { ...ofContext, ...headers });
    expect(error).toBeNull();
    expect(paths).toEqual(['.dockerignore', 'a', 'a/one']);
    expect(asked).toEqual([expected]);
  });

  test('have the Dockerfile that is carried apart', async () => {
    const { contents } = await sync(context, asking(0), ofDockerfile);
    expect(contents).toEqual(['FROM other', '']);
  });

  test('are no others', async () => {
    const { error, sent } = await sync(contextOf(files), asking(), { 'dir-name': ['home'] });
    expect(error).toMatchObject({ code: 'engine-error' });
    expect(sent).toEqual([]);
  });
});
