import { mergeConfig } from '../../../src/config/merge-config.js';
import { configOf } from '../../support/write-config.js';

const DATA = 'server: { dataDir: /data }';
const TOP = `github: { webhookSecrets: [hook], token: t }
registry: { host: r.test, username: u, password: p }
dockerfiles: { repository: abc/dockerfiles }`;
const text = (services: string, more = '', top = `${DATA}\n${TOP}`): string =>
  `${top}\n${more}\nservices: ${services}\n`;
const web = '{ web: { repository: abc/web } }';

const merged = async (before: string, after: string) => mergeConfig(await configOf(before), await configOf(after));

describe('services', () => {
  test.each<[string, string, string, string[], string[]]>([
    ['the same', web, web, [], []],
    ['another order', '{ web: { repository: abc/web, path: x } }', '{ web: { path: x, repository: abc/web } }', [], []],
    ['a new one', web, '{ web: { repository: abc/web }, api: { repository: abc/api } }', ['api'], []],
    ['one that is gone', web, '{ api: { repository: abc/api } }', ['api'], ['web']],
    ['a pattern', web, '{ web: { repository: abc/web, excludedRegions: ["**/*.md"] } }', ['web'], []],
    ['a branch', web, '{ web: { repository: abc/web, branches: [main] } }', ['web'], []],
    ['a build argument', web, '{ web: { repository: abc/web, buildArgs: { A: 1 } } }', ['web'], []],
    ['how it is deployed', web, '{ web: { repository: abc/web, deploy: { environments: [], file: x } } }', [], []],
    [
      'a new value of a secret',
      '{ web: { repository: abc/web, secrets: { a: old } } }',
      '{ web: { repository: abc/web, secrets: { a: new } } }',
      ['web'],
      [],
    ],
  ])('%s', async (_, before, after, changed, gone) => {
    const { changedServices, goneServices, config } = await merged(text(before), text(after));
    expect([changedServices, goneServices]).toEqual([changed, gone]);
    expect([...config.services.keys()]).toEqual([...(await configOf(text(after))).services.keys()]);
  });

  test('a changed default changes every service that does not set it itself', async () => {
    const both = '{ web: { repository: abc/web }, own: { repository: abc/own, branches: [main] } }';
    const { changedServices } = await merged(text(both), text(both, 'defaults: { branches: [trunk] }'));
    expect(changedServices).toEqual(['web']);
  });
});

test('tokens, secrets, callbacks, limits, the sweep and how the engine is used are taken at once', async () => {
  const more = `access: { anonymousRead: true, metrics: token, tokens: [{ name: a, token: bb, scopes: [read] }] }
engine: { concurrency: 7, timeout: 1m, frontends: [a/b] }
callbacks: { allowedHosts: [j.test] }
limits: { artifact: 1MiB, log: 2MiB, freeDisk: 3MiB }
sweep: off`;
  const after = text(web, more, `${DATA}\n${TOP.replace('[hook]', '[new]')}`);
  const { config, needRestart, changedServices } = await merged(text(web), after);
  expect(config).toMatchObject({
    access: { anonymousRead: true, metrics: 'token', tokens: [{ name: 'a' }] },
    engine: { concurrency: 7, timeout: 60_000, frontends: ['a/b'] },
    callbacks: { allowedHosts: ['j.test'] },
    limits: { artifact: 1024 ** 2, log: 2 * 1024 ** 2, freeDisk: 3 * 1024 ** 2 },
    sweep: null,
  });
  expect(config.github.webhookSecrets.map((secret) => secret.reveal())).toEqual(['new']);
  expect([needRestart, changedServices]).toEqual([[], []]);
});

test.each<[string, string]>([
  ['server.listen', text(web, '', `server: { dataDir: /data, listen: "0.0.0.0:1" }\n${TOP}`)],
  ['server.dataDir', text(web, '', `server: { dataDir: /other }\n${TOP}`)],
  ['server.publicUrl', text(web, '', `server: { dataDir: /data, publicUrl: "https://i.test" }\n${TOP}`)],
  [
    'github.cloneUrl',
    text(web, '', `${DATA}\n${TOP.replace('token: t', 'token: t, cloneUrl: "https://g.test/{repository}"')}`),
  ],
  ['github.token', text(web, '', `${DATA}\n${TOP.replace('token: t', 'token: other')}`)],
  ['git.shortcut', text(web, 'git: { shortcut: false }')],
  ['server.instance', text(web, '', `server: { dataDir: /data, instance: other }\n${TOP}`)],
  ['registry.host', text(web, '', `${DATA}\n${TOP.replace('r.test', 's.test')}`)],
  ['registry.password', text(web, '', `${DATA}\n${TOP.replace('password: p', 'password: q')}`)],
  ['engine.host', text(web, 'engine: { host: "tcp://e.test:2375" }')],
  ['dockerfiles', text(web, '', `${DATA}\n${TOP.replace('abc/dockerfiles', 'abc/other')}`)],
])('%s stays as it was, and is said to need a restart', async (place, after) => {
  const before = await configOf(text(web));
  const changed = after.replace('{ web: { repository: abc/web } }', '{ web: { repository: abc/web, path: x } }');
  const { config, needRestart, changedServices } = mergeConfig(before, await configOf(changed));
  expect(needRestart).toEqual([place]);
  expect(changedServices).toEqual(['web']);
  const { server, git, registry, dockerfiles } = before;
  expect(config).toMatchObject({ server, git, registry, dockerfiles, engine: { host: before.engine.host } });
  expect([config.github.cloneUrl, config.github.token?.reveal()]).toEqual([before.github.cloneUrl, 't']);
});

test('environments, how services are deployed, and what hosts sign in with are taken at once', async () => {
  const deployed = '{ web: { repository: abc/web, deploy: { environments: [production], file: x } } }';
  const environments =
    'environments: { production: { hosts: { a: { engine: "unix:///a", address: h } }, variables: { A: 1 } } }';
  const pull = TOP.replace('password: p', 'password: p, pull: { username: u, password: pull-password }');
  const after = text(deployed, environments, `${DATA}\n${pull}`);
  const { config, needRestart } = await merged(text(web), after);
  expect(needRestart).toEqual([]);
  expect(config.environments.get('production')?.variables.reveal().get('A')?.value).toBe('1');
  expect(config.services.get('web')?.deploy?.file).toBe('x');
  expect(config.registry.pull?.password.reveal()).toBe('pull-password');
});
