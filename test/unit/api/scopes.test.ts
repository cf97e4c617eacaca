import Fastify from 'fastify';
import type { AccessToken, Scope } from '../../../src/access.js';
import { installAuth, requireEnvironment, type Access } from '../../../src/api/auth.js';
import type { App } from '../../../src/api/route.js';
import { installSessions } from '../../../src/api/session.js';
import { SlipwayError } from '../../../src/errors.js';
import { Secret } from '../../../src/secret.js';
import { manualClock } from '../../support/manual-clock.js';

const kinds = ['open', 'read', 'named', 'build', 'deploy', 'admin'] as const satisfies readonly Access[];
const token = (scope: Scope, environments: readonly string[] | null = null): AccessToken => ({
  name: scope,
  token: new Secret(`token-${scope}`),
  scopes: [scope],
  environments,
});

async function allowedWith(authorization: string | undefined, anonymousRead = false): Promise<readonly Access[]> {
  const app = Fastify() as unknown as App;
  const tokens = (['read', 'build', 'deploy', 'admin'] as const).map((scope) => token(scope));
  const sessionKey = new Secret(Buffer.alloc(32, 7));
  const deps = { sessionKey, publicUrl: null, clock: manualClock(), tokens: () => tokens };
  await installSessions(app, deps);
  const system = { used: () => undefined };
  installAuth(app, { ...deps, system, anonymousRead: () => anonymousRead, metrics: () => 'open' });
  for (const access of kinds) app.get(`/${access}`, { config: { access } }, async () => 'ok');
  const headers = authorization === undefined ? {} : { authorization };
  const answers = await Promise.all(kinds.map((kind) => app.inject({ url: `/${kind}`, headers })));
  await app.close();
  return kinds.filter((_, index) => answers[index]?.statusCode === 200);
}

test.each<[Scope, readonly Access[]]>([
  ['read', ['open', 'read', 'named']],
  ['build', ['open', 'read', 'named', 'build']],
  ['deploy', ['open', 'read', 'named', 'deploy']],
  ['admin', kinds],
])('the scope %s reaches %j', async (scope, expected) => {
  expect(await allowedWith(`Bearer token-${scope}`)).toEqual(expected);
});

test('anonymous reading does not reach what only named readers may see', async () => {
  expect(await allowedWith(undefined)).toEqual(['open']);
  expect(await allowedWith(undefined, true)).toEqual(['open', 'read']);
  expect(await allowedWith('Bearer wrong', true)).toEqual(['open', 'read']);
});

describe('the environments of a token', () => {
  const refusal = (its: AccessToken | null, environment: string): string | null => {
    try {
      requireEnvironment({ token: its }, environment);
      return null;
    } catch (error) {
      return error instanceof SlipwayError ? error.code : 'another error';
    }
  };

  test.each<[string, AccessToken | null, string, string | null]>([
    ['none named', token('deploy'), 'production', null],
    ['named', token('deploy', ['staging', 'production']), 'production', null],
    ['another one', token('deploy', ['staging']), 'production', 'forbidden'],
    ['an empty list', token('admin', []), 'production', 'forbidden'],
    ['no token', null, 'production', 'forbidden'],
  ])('%s', (_, its, environment, expected) => {
    expect(refusal(its, environment)).toBe(expected);
  });
});
