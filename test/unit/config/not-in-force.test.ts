import { notInForce } from '../../../src/config/not-in-force.js';
import { haproxy, hostA, hostB, production, withEnvironments } from '../../support/environments.js';
import { configOf, least } from '../../support/write-config.js';

const placesOf = async (text: string) => notInForce(await configOf(text)).map(({ path }) => path);

test('nothing is said of what is not used', async () => {
  expect(await placesOf(least)).toEqual([]);
});

test('a plain environment is in force', async () => {
  expect(await placesOf(withEnvironments(production()))).toEqual([]);
});

test('the place is named, with what that means', async () => {
  const found = notInForce(await configOf(withEnvironments(production('approvals: 1'))));
  expect(found).toEqual([
    { path: 'environments.production.approvals', message: 'is read and checked, but not in force yet' },
  ]);
});

test('a default that is written is in force', async () => {
  const settings = 'strategy: rolling, gate: start, window: [], approvals: 0, repair: off';
  expect(await placesOf(withEnvironments(production(settings)))).toEqual([]);
});

test.each([
  ['strategy: blue-green, balancer: { HAPROXY }', ['strategy', 'balancer']],
  ["window: [{ from: '20:00', to: '23:00', zone: UTC }]", ['window']],
  ['approvals: 1', ['approvals']],
])('an environment with %s', async (settings, keys) => {
  const text = withEnvironments(production(settings.replace('HAPROXY', haproxy), `{ ${hostA}, ${hostB} }`));
  expect(await placesOf(text)).toEqual(keys.map((key) => `environments.production.${key}`));
});

test('a branch that is followed is in force', async () => {
  expect(await placesOf(withEnvironments(production('follow: main')))).toEqual([]);
});

test('requires, and what hosts sign in with, are in force', async () => {
  const environments = `{ staging: { hosts: { ${hostA} } }, production: { hosts: { ${hostA} }, requires: staging } }`;
  const text = withEnvironments(environments, undefined, 'server: { instance: eu }').replace(
    'registry.abc.net }',
    'registry.abc.net, pull: { username: u, password: p } }',
  );
  expect(await placesOf(text)).toEqual([]);
});
