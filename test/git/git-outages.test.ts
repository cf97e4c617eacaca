import { join } from 'node:path';
import { plenty } from '../contracts/git-stage.js';
import { SlipwayError } from '../../src/errors.js';
import { Secret } from '../../src/secret.js';
import { texts } from '../contracts/git-contents.js';
import { git, startTestGitHost } from '../support/git.js';
import { useGitHost } from './surroundings.js';

const on = useGitHost();
const folder = () => join(on.dir, 'abc', 'app.git');
const uploads = () => on.host.server.requests.filter(({ method }) => method === 'POST').length;

describe('a host that does not answer is git-unavailable', () => {
  test.each([[500], [503], [429], ['refuse'], ['hang']] as const)('%s', async (outage) => {
    const sha = await on.repo.commit({ files: { a: '1' } });
    await on.create().mirror('abc/app').remote.fetch([sha]);
    const impatient = { timeouts: { ask: 700, transfer: 700 } };
    const { remote, history, tree } = on.create(outage === 'hang' ? impatient : {}).mirror('abc/app');
    on.host.server.fail(outage);
    const away = expect.objectContaining({ code: 'git-unavailable', retryable: true });
    await expect(remote.refs()).rejects.toEqual(away);
    await expect(remote.fetch([await on.repo.commit({ files: { a: '2' } })])).rejects.toEqual(away);
    const entries = [...(await tree.list(sha, ''))];
    await expect(texts(tree.blobs(entries.map(({ blob }) => blob)))).rejects.toEqual(away);
    await remote.fetch([sha]);
    expect(await history.count(sha)).toBe(1);
    on.host.server.fail(null);
    const later = on.create().mirror('abc/app').tree;
    expect(await texts(later.blobs(entries.map(({ blob }) => blob)))).toEqual(['1']);
  });

  test('because nobody listens there', async () => {
    await on.host.server.close();
    await expect(on.create().mirror('abc/app').remote.refs()).rejects.toMatchObject({ code: 'git-unavailable' });
  });
});

describe('credentials', () => {
  const token = 'gh-very-secret-token';
  test.each([[401], [403], [404]])(
    'that the host answers with %i are git-unauthorized, which may pass',
    async (status) => {
      on.host.server.fail(status);
      const { remote } = on.create({ token: new Secret(token) }).mirror('abc/app');
      await expect(remote.refs()).rejects.toMatchObject({ code: 'git-unauthorized' });
      await expect(remote.fetch(['1'.repeat(40)])).rejects.toMatchObject({ code: 'git-unauthorized', retryable: true });
    },
  );

  test('sign in as GitHub wants it, and show nowhere', async () => {
    await on.host.close();
    on.host = await startTestGitHost({ username: 'x-access-token', password: token });
    on.repo = await on.host.repo('abc/app');
    const sha = await on.repo.commit({ files: { a: '1' } });
    await on
      .create({ token: new Secret(token) })
      .mirror('abc/app')
      .remote.fetch([sha]);
    await expect(on.create({ token: null }).mirror('abc/app').remote.refs()).rejects.toMatchObject({
      code: 'git-unauthorized',
    });
    const wrong = on.create({ token: new Secret(`${token}-x`) }).mirror('abc/app');
    const failure = await wrong.remote.refs().catch((error: Error) => `${error.stack}${JSON.stringify(error)}`);
    const kept = (await git(on.dir, ['config', '--list', '--file', join(folder(), 'config')])).toString();
    const shown = `${failure}${on.lines.join()}${kept}`;
    expect(shown).not.toContain(token);
    expect(shown).not.toContain(Buffer.from(`x-access-token:${token}`).toString('base64'));
  });

  test('that last a while are asked for again, and their failure may pass', async () => {
    await on.host.close();
    on.host = await startTestGitHost({ username: 'x-access-token', password: token });
    on.repo = await on.host.repo('abc/app');
    const tokens = ['an-old-token', token];
    const tokenFor = async (repository: string) => {
      if (repository !== 'abc/app') throw new SlipwayError('notice-refused', 'The App is not installed there.');
      return new Secret(tokens.shift() ?? token);
    };
    const host = on.create({ token: null, tokenFor });
    await host
      .mirror('abc/app')
      .remote.refs()
      .catch(() => null);
    const sha = await on.repo.commit({ files: { a: '1' } });
    const { remote, history } = host.mirror('abc/app');
    await remote.fetch([sha]);
    expect(await history.has(sha)).toBe(true);
    await expect(host.mirror('abc/other').remote.refs()).rejects.toMatchObject({
      ...{ code: 'git-unavailable', message: 'No token for abc/other: The App is not installed there.' },
    });
  });

  test('in the address sign in too, and show nowhere', async () => {
    await on.host.close();
    on.host = await startTestGitHost({ username: 'bot@abc', password: 'p:w/d' });
    await on.host.repo('abc/app');
    const cloneUrl = on.host.cloneUrl.replace('://', '://bot%40abc:p%3Aw%2Fd@');
    expect((await on.create({ cloneUrl }).mirror('abc/app').remote.refs()).heads.size).toBe(0);
    const failure = await on
      .create({ cloneUrl })
      .mirror('abc/unknown')
      .remote.refs()
      .catch((error: Error) => error.message);
    expect(failure).toContain('abc/unknown');
    expect(failure).not.toContain('p%3Aw');
  });
});

describe('requests', () => {
  test('are not made when everything is there', async () => {
    const sha = await on.repo.commit({ files: { a: '1' } });
    const { remote, history, tree } = on.create().mirror('abc/app');
    await remote.fetch([sha]);
    on.host.server.requests.length = 0;
    await remote.fetch([sha, sha]);
    await remote.fetch([]);
    expect(await history.changedPaths(sha, sha)).toEqual([]);
    expect(await tree.list(sha, '')).toHaveLength(1);
    expect(on.host.server.requests).toEqual([]);
  });

  test('for missing contents are one, and none the second time', async () => {
    const files = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`f${at}`, `content ${at}`]));
    const sha = await on.repo.commit({ files });
    const { remote, tree } = on.create().mirror('abc/app');
    await remote.fetch([sha]);
    const ids = [...(await tree.list(sha, ''))].map(({ blob }) => blob);
    on.host.server.requests.length = 0;
    expect(await texts(tree.blobs(ids))).toHaveLength(300);
    expect(uploads()).toBe(1);
    expect(await texts(tree.blobs(ids))).toHaveLength(300);
    expect((await tree.read(sha, 'f7', plenty))?.content).toEqual(Buffer.from('content 7'));
    expect(uploads()).toBe(1);
  });

  test('that wait are answered together', async () => {
    const shas: string[] = [];
    for (let at = 0; at < 10; at += 1) shas.push(await on.repo.commit({ files: { a: `${at}` } }));
    const { remote, history } = on.create().mirror('abc/app');
    await Promise.all(shas.map((sha) => remote.fetch([sha])));
    for (const sha of shas) expect(await history.has(sha)).toBe(true);
    expect(uploads()).toBeLessThanOrEqual(4);
  });

  test('for contents that wait are answered together', async () => {
    const files = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`f${at}`, `content ${at}`]));
    const sha = await on.repo.commit({ files });
    const { remote, tree } = on.create().mirror('abc/app');
    await remote.fetch([sha]);
    const ids = [...(await tree.list(sha, ''))].map(({ blob }) => blob);
    on.host.server.requests.length = 0;
    const read = await Promise.all(ids.map((id) => texts(tree.blobs([id]))));
    expect(read.flat()).toEqual(Object.values(files));
    expect(uploads()).toBeLessThanOrEqual(2);
  });

  test('for contents that the host no longer has keep nobody else from theirs', async () => {
    const sha = await on.repo.commit({ files: { a: '1', b: '2', c: '3' } });
    const { remote, tree } = on.create().mirror('abc/app');
    await remote.fetch([sha]);
    const ids = [...(await tree.list(sha, ''))].map(({ blob }) => blob);
    const [first, lost, ...others] = await Promise.allSettled(
      [ids.slice(0, 1), ['e'.repeat(40)], ids.slice(1, 2), ids.slice(2)].map((some) => texts(tree.blobs(some))),
    );
    expect([first, ...others]).toEqual(['1', '2', '3'].map((text) => ({ status: 'fulfilled', value: [text] })));
    expect(lost).toMatchObject({ status: 'rejected', reason: { code: 'commit-not-found' } });
  });
});
