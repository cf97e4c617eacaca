import { cloneSource, withoutSecrets } from '../../../../src/git/process/clone-url.js';
import { localEnvironment, networkEnvironment } from '../../../../src/git/process/environment.js';
import { Secret } from '../../../../src/secret.js';

const basic = (credentials: string) => `Authorization: Basic ${Buffer.from(credentials).toString('base64')}`;

describe('the address to clone from', () => {
  test.each([
    ['https://github.com/{repository}.git', 'https', 'https://github.com/abc/app.git'],
    ['HTTP://h:81/x/{repository}', 'http', 'HTTP://h:81/x/abc/app'],
    ['git@github.com:{repository}.git', 'ssh', 'git@github.com:abc/app.git'],
    ['ssh://git@h/{repository}.git', 'ssh', 'ssh://git@h/abc/app.git'],
    ['git://h/{repository}', 'git', 'git://h/abc/app'],
    ['file:///srv/{repository}.git', 'file', 'file:///srv/abc/app.git'],
    ['/srv/{repository}.git', 'file', '/srv/abc/app.git'],
    ['ext::sh -c x', 'ssh', 'ext::sh -c x'],
  ])('%s speaks %s', (cloneUrl, protocol, url) => {
    const source = cloneSource(cloneUrl, null);
    expect([source.protocol, source.url('abc/app'), source.login]).toEqual([protocol, url, null]);
  });

  test('gives the token to its own host alone, and only over HTTP', () => {
    const token = new Secret('t');
    expect(cloneSource('https://h:1/{repository}', token).login).toEqual({
      scope: 'https://h:1/',
      header: basic('x-access-token:t'),
    });
    expect(cloneSource('ssh://h/{repository}', token).login).toBeNull();
  });

  test('is free of what it says about users, and the token goes before that', () => {
    const source = cloneSource('https://me:p%40ss@h/{repository}.git', null);
    expect(source.url('a/b')).toBe('https://h/a/b.git');
    expect(source.login?.header).toBe(basic('me:p@ss'));
    expect(cloneSource('https://me:x@h/{repository}', new Secret('t')).login?.header).toBe(basic('x-access-token:t'));
    expect(cloneSource('https://%zz@h/{repository}', null).login?.header).toBe(basic('%zz:'));
    expect(withoutSecrets(`said me:p%40ss and ${source.login?.header}`, source.secrets)).toBe(
      'said [secret] and Authorization: Basic [secret]',
    );
  });
});

describe('the environment of git', () => {
  const outside = {
    PATH: '/bin',
    HTTPS_PROXY: 'http://p',
    GIT_DIR: '/evil',
    GIT_ASKPASS: '/x',
    SLIPWAY_TOKEN: 's',
    LD_PRELOAD: 'x',
  };
  const local = localEnvironment(outside, '/d/git.config', '/d/abc/app.git');

  test('holds what git needs of the server’s and nothing else', () => {
    expect(local).toMatchObject({ PATH: '/bin', HTTPS_PROXY: 'http://p', GIT_DIR: '/d/abc/app.git', LC_ALL: 'C' });
    for (const name of ['GIT_ASKPASS', 'SLIPWAY_TOKEN', 'LD_PRELOAD']) expect(local).not.toHaveProperty(name);
  });

  test('allows no transport, or the one of the address', () => {
    expect(local.GIT_ALLOW_PROTOCOL).toBe('none');
    const source = cloneSource('https://h/{repository}', new Secret('t'));
    expect(networkEnvironment(local, source, 'abc/app')).toMatchObject({
      GIT_ALLOW_PROTOCOL: 'https',
      GIT_CONFIG_COUNT: '4',
      GIT_CONFIG_VALUE_0: 'https://h/abc/app',
      GIT_CONFIG_KEY_3: 'http.https://h/.extraHeader',
    });
  });
});
