import { asReader, openTestApp, service, sha, type TestApp } from '../../support/app.js';
import { composeOver, configured, digest, keptRunFile, releaseWeb, type Setting } from '../../support/effective.js';

const secret = 'pa55word';
const setting: Setting = {
  environment: 'variables: { PASSWORD: "${PW}" }',
  variables: { PW: secret },
};

let server: TestApp;
let isOpen = false;
beforeAll(async () => {
  const { services } = await configured(setting);
  const known = new Map([...services, ['idle', service({ name: 'idle' })] as const]);
  server = await openTestApp({ services: () => known, anonymousRead: () => isOpen });
});
beforeEach(async () => {
  await server.renew();
  isOpen = false;
  server.operations.will({ compose: await composeOver(() => server.store, setting) });
});
afterAll(() => server.close());

const get = (path: string, headers: Record<string, string> = asReader) =>
  server.app.inject({ url: `/api/v1/releases/${path}`, headers });

const file = 'services: {web: {environment: [PASSWORD]}}\n';

test('the effective run file is YAML, with secrets by their names', async () => {
  await releaseWeb(server.store, keptRunFile(file));
  const { statusCode, headers, body } = await get('web/1/compose?environment=production');
  expect([statusCode, headers['content-type']]).toEqual([200, 'application/yaml; charset=utf-8']);
  expect(body).toContain(`image: "registry.abc.net/web@${digest}"\n`);
  expect(body).toContain('PASSWORD: "${PASSWORD}"\n');
  expect(body).not.toContain(secret);
});

test('each release has its own', async () => {
  await releaseWeb(server.store, keptRunFile('services: {web: {user: one}}\n'));
  await releaseWeb(server.store, keptRunFile('services: {web: {user: two}}\n'), sha('b'));
  expect((await get('web/1/compose?environment=production')).body).toContain('user: "one"\n');
  expect((await get('web/2/compose?environment=production')).body).toContain('user: "two"\n');
});

test('all faults of a run file are in the problem, and no secret', async () => {
  const faulty = 'services:\n  web:\n    privileged: true\n    user: "${PASSWORD}"\n    environment: [MISSING]\n';
  await releaseWeb(server.store, keptRunFile(faulty));
  const { statusCode, body, json } = await get('web/1/compose?environment=production');
  const place = { file: 'docker/compose.yaml', message: expect.any(String) };
  expect([statusCode, json()]).toMatchObject([
    422,
    {
      code: 'run-file-invalid',
      detail: expect.stringMatching(/^web, release 1, in production: docker\/compose\.yaml:4:11: .* \(and 2 more\)$/),
      faults: [
        {
          ...place,
          code: 'run-file-not-allowed',
          line: 3,
          column: 17,
          setting: 'environments.production.allow.privileged',
        },
        { ...place, code: 'run-file-invalid', line: 4, column: 11, setting: null },
        {
          ...place,
          code: 'variable-missing',
          line: 5,
          column: 19,
          setting: 'environments.production.variables.MISSING',
        },
      ],
    },
  ]);
  expect(body).not.toContain(secret);
});

test.each([
  ['privileged: true', 'run-file-not-allowed'],
  ['environment: [MISSING]', 'variable-missing'],
  ['build: .', 'run-file-invalid'],
])('%s alone is %s', async (lines, code) => {
  await releaseWeb(server.store, keptRunFile(`services: {web: {${lines}}}\n`));
  const { statusCode, json } = await get('web/1/compose?environment=production');
  expect([statusCode, (json() as { code: string }).code]).toEqual([422, code]);
});

test.each([
  ['webb/1/compose?environment=production', 404, 'unknown-service'],
  ['web/2/compose?environment=production', 404, 'unknown-release'],
  ['web/one/compose?environment=production', 404, 'unknown-release'],
  ['web/1/compose?environment=prod', 404, 'unknown-environment'],
  ['web/1/compose?environment=staging', 422, 'service-not-in-environment'],
  ['web/1/compose', 400, 'invalid-request'],
  ['web/1/compose?environment=production&x=1', 400, 'invalid-request'],
])('%s is answered with %d %s', async (path, status, code) => {
  await releaseWeb(server.store, keptRunFile(file));
  const { statusCode, json } = await get(path);
  expect([statusCode, (json() as { code: string }).code]).toEqual([status, code]);
});

test('a token is needed even if anybody may read', async () => {
  await releaseWeb(server.store, keptRunFile(file));
  isOpen = true;
  expect((await get('web/1', {})).statusCode).toBe(200);
  expect((await get('web/1/compose?environment=production', {})).statusCode).toBe(401);
});
