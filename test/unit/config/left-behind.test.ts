import { leftBehind } from '../../../src/config/left-behind.js';
import { hostA, hostB } from '../../support/environments.js';
import { configOf } from '../../support/write-config.js';

const text = (environments: string, services: string) => `
github: { webhookSecrets: [hook] }
registry: { host: registry.abc.net }
environments: { ${environments} }
services: { ${services} }
`;
const staging = `staging: { hosts: { ${hostA} } }`;
const production = `production: { hosts: { ${hostA}, ${hostB} } }`;
const service = (name: string, environments: string, more = '') =>
  `${name}: { repository: abc/${name}, deploy: { environments: [${environments}]${more} } }`;
const both = `${staging}, ${production}`;
const web = service('web', 'staging, production');
const before = text(both, web);

test.each<[string, string, string[]]>([
  ['nothing', before, []],
  ['what is new', text(`${both}, more: { hosts: { ${hostA} } }`, `${web}, ${service('api', 'more')}`), []],
  [
    'an environment that is gone',
    text(staging, service('web', 'staging')),
    ['environments.production is gone, with a, b; what runs there of web is left as it is'],
  ],
  [
    'a host that is gone',
    text(`${staging}, production: { hosts: { ${hostA} } }`, web),
    ['environments.production.hosts.b is gone; what runs there of web is left as it is'],
  ],
  [
    'a host with another engine',
    text(both.replace('ssh://deploy@10.0.0.12', 'tcp://10.0.0.13'), web),
    ['environments.production.hosts.b.engine is another one; what runs there of web is left as it is'],
  ],
  ['a host with another name', text(both.replace('b: {', 'c: {'), web), []],
  [
    'a service that is gone',
    text(both, service('api', 'staging')),
    ['services.web is gone; what runs of it in staging, production is left as it is'],
  ],
  ['a service with another name', text(both, service('site', 'production, staging', ', formerly: web')), []],
  [
    'a service that leaves an environment',
    text(both, service('web', 'production')),
    ['services.web.deploy.environments no longer has staging; what runs of it in staging is left as it is'],
  ],
  [
    'a service that is deployed no more',
    text(both, 'web: { repository: abc/web }'),
    [
      'services.web.deploy.environments no longer has staging, production; what runs of it in staging, production is left as it is',
    ],
  ],
])('%s', async (_, after, expected) => {
  const found = leftBehind(await configOf(before), await configOf(after));
  expect(found.map(({ path, message }) => `${path} ${message}`)).toEqual(expected);
});

test('an environment without services leaves nothing', async () => {
  const empty = text(both, 'web: { repository: abc/web }');
  expect(leftBehind(await configOf(empty), await configOf(text(staging, 'web: { repository: abc/web }')))).toEqual([]);
});
