/** What `slipway check` says about settings for deployments. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { openStore } from '../../../src/store/open-store.js';
import { systemClock } from '../../../src/system-clock.js';
import { go } from '../../contracts/store-deployment-samples.js';
import { useCli } from '../../support/cli.js';
import { haproxy, hostA, hostB, production, withEnvironments } from '../../support/environments.js';

jest.setTimeout(90_000);

const secret = 'pa55word';
const cli = useCli({ PW: secret });
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-check-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function write(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

test('settings that people may regret are warnings, what is left behind is named, and no secret is printed', async () => {
  const variables = 'variables: { PW: "${PW}", URL: "db://u:${PW}@h" }';
  const deploy = '{ environments: [production], variables: { production: { OWN: "${PW}" } } }';
  const before = production(variables, `{ ${hostA}, ${hostB} }`);
  const old = await write('old.yaml', withEnvironments(before, deploy));
  const file = await write(
    'new.yaml',
    withEnvironments(production(`${variables}, balancer: { ${haproxy.replace(', b: web-b', '')} }`), deploy),
  );
  const alone = await cli('check', '--config', file);
  expect([alone.code, alone.stderr]).toEqual([0, '']);
  expect(alone.stdout.split('\n').slice(1)).toEqual([
    'warning: environments.production.balancer.haproxy: has no `stateFile`, so a reload of HAProxy undoes a switch',
    '',
  ]);
  const against = await cli('check', '--config', file, '--against', old);
  expect(against.code).toBe(0);
  const left = 'environments.production.hosts.b';
  expect(against.stdout).toContain(`warning: ${left}: is gone; what runs there of web is left as it is\n`);
  const json = await cli('check', '--config', file, '--against', old, '--json');
  expect((JSON.parse(json.stdout) as { leftBehind: unknown }).leftBehind).toEqual([
    { path: left, message: 'is gone; what runs there of web is left as it is' },
  ]);
  const wrong = await write('wrong.yaml', withEnvironments(production(`${variables}, requires: "\${PW}"`), deploy));
  const refused = await cli('check', '--config', wrong);
  expect(refused).toMatchObject({ code: 1, stderr: 'environments.production.requires: names no environment\n' });
  for (const { stdout, stderr } of [alone, against, json, refused]) expect(stdout + stderr).not.toContain(secret);
});

test('a former name that cannot be taken over is a warning', async () => {
  const dataDir = join(folder, 'data');
  const store = await openStore({ dataDir, logLimit: 1000, clock: systemClock });
  await go(store, 1);
  await go(store, 1, 'deployment', { service: 'web' });
  await store.housekeeping.close();
  const deploy = '{ environments: [production], formerly: app }';
  const file = await write('renamed.yaml', withEnvironments(production(), deploy, `server: { dataDir: ${dataDir} }`));
  expect((await cli('check', '--config', file)).stdout.split('\n').slice(1)).toEqual([
    'warning: services.web.deploy.formerly: has no effect: web has releases or deployments of its own; both stay as they are',
    '',
  ]);
});
