import { production, withEnvironments } from '../../support/environments.js';
import { faultsOf } from '../../support/write-config.js';

test.each([
  ['environments: [staging]', 'environments[0]: names no environment'],
  ['environments: [prodution]', 'environments[0]: names no environment; did you mean `production`?'],
  ['environments: [production, production]', 'environments[1]: is also services.web.deploy.environments[0]'],
  ['file: x', 'environments: is required'],
  ['environments: [production], variables: { staging: {} }', 'variables.staging: names no environment'],
  [
    'environments: [], variables: { production: {} }',
    'variables.production: has no effect: it is not among services.web.deploy.environments',
  ],
  ['environments: [production], allow: { staging: {} }', 'allow.staging: names no environment'],
  [
    'environments: [production], allow: { production: { binds: [x] } }',
    'allow.production.binds[0]: must be an absolute path of the host',
  ],
  ['environments: [], file: /x', 'file: must be a file inside the repository, written relative to its root'],
  ['environments: [], verify: { json: /a, header: b }', 'verify: has `json` and `header`; give one of them'],
  ['environments: [], verify: { json: version }', 'verify.json: must be a JSON pointer such as /version'],
  ['environments: [], verify: { path: version }', 'verify.path: must be a path that begins with "/"'],
  ['environments: [], verify: { port: 0 }', 'verify.port: must be at least 1'],
  ['environments: [], verify: { scheme: ftp }', 'verify.scheme: must be one of: http, https'],
  ['environments: [], verify: { headers: { "a b": c } }', 'verify.headers["a b"]: must be called the name of a header'],
  ['environments: [], verify: { headers: { a: "b\\nc" } }', 'verify.headers.a: must be on one line'],
  ['environments: [], verify: { body: "v(.*)" }', 'verify.body: must be a regular expression after "regex:"'],
  ['environments: [], verify: { body: "regex:hidden(" }', 'verify.body: has a regular expression that is not valid'],
  [
    'environments: [], verify: { body: "regex:v(?=hidden)" }',
    'verify.body: has a regular expression that uses look-around, which cannot run in linear time',
  ],
  ['environments: [], verify: { expect: 1 }', 'verify.expect: must be text (put it in quotes)'],
  [
    'environments: [], formerly: other',
    'formerly: is a service of this configuration; a former name is one that is gone',
  ],
  ['environments: [], formerly: Web', 'formerly: must be the name of a service'],
])('a service with deploy of %s is a fault', async (deploy, expected) => {
  const text = withEnvironments(production(), `{ ${deploy} }`, '  other: { repository: abc/other }');
  expect(await faultsOf(text)).toEqual([`services.web.deploy.${expected}`]);
});

test('a regular expression over an answer may begin with a slash', async () => {
  const deploy = '{ environments: [], verify: { body: "regex:/version/(.+)/" } }';
  expect(await faultsOf(withEnvironments(production(), deploy))).toEqual([]);
});

test('two services with one former name are a fault', async () => {
  const more = '  api: { repository: abc/api, deploy: { environments: [], formerly: old } }';
  expect(await faultsOf(withEnvironments(production(), '{ environments: [], formerly: old }', more))).toEqual([
    'services.api.deploy.formerly: is also the former name of the service web',
  ]);
});

describe('two services with one run file', () => {
  const shop = (web: string, api: string) =>
    faultsOf(`
github: { webhookSecrets: [hook] }
registry: { host: registry.abc.net }
services:
  web: { repository: abc/shop, ${web} }
  api: { repository: abc/shop, ${api} }
`);
  const deploy = (file: string | null) => `deploy: { environments: []${file === null ? '' : `, file: ${file}`} }`;
  const required = (service: string, other: string) =>
    `services.${service}.deploy.file: is required: the run file of ${other} is in the same folder`;

  test.each<[string, string, string[]]>([
    [
      deploy('a.yaml'),
      deploy('./a.yaml'),
      ['services.api.deploy.file: is also the run file of the service web; give each its own'],
    ],
    [deploy('a.yaml'), deploy('b.yaml'), []],
    [deploy(null), deploy(null), [required('web', 'api'), required('api', 'web')]],
    [deploy(null), `path: api, ${deploy(null)}`, []],
    [deploy(null), 'path: .', []],
    [deploy('docker/compose.yml'), deploy(null), [required('api', 'web')]],
    [deploy('docker/web.yaml'), deploy(null), []],
    [`path: x, ${deploy(null)}`, deploy('x/docker/docker-compose.yaml'), [required('web', 'api')]],
  ])('%s and %s', async (web, api, expected) => {
    expect(await shop(web, api)).toEqual(expected);
  });
});

test.each([
  ['scopes: [deploy], environments: [staging]', 'access.tokens[0].environments[0]: names no environment'],
  [
    'scopes: [build], environments: [production]',
    'access.tokens[0].environments: has no effect without the scope `deploy`',
  ],
  ['scopes: [delpoy]', 'access.tokens[0].scopes[0]: must be one of: read, build, deploy, admin'],
])('a token with %s is a fault', async (token, expected) => {
  const more = `access: { tokens: [{ name: a, token: x, ${token} }] }`;
  expect(await faultsOf(withEnvironments(production(), undefined, more))).toEqual([expected]);
});
