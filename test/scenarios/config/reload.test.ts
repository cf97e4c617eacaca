/** A running server whose configuration file changes. */
import { jest } from '@jest/globals';
import { loadConfig } from '../../../src/config/load.js';
import { dockerfile, useFakeStage, type FakeStage } from '../../support/fake-stage.js';

jest.setTimeout(60_000);

const open = useFakeStage();
const app = { repository: 'abc/app' };

/** Writes the file again and lets the server read it. */
async function reread({ slipway }: FakeStage, changes: Record<string, unknown>): Promise<boolean> {
  await slipway.writeConfig(changes);
  return slipway.running.reload(await loadConfig(slipway.configFile, {}));
}

const said = ({ slipway }: FakeStage, level: string) =>
  slipway.log.lines.filter((line) => line.level === level).map(({ message }) => message);

test('services whose settings changed, and new ones, are looked at again; the others are not', async () => {
  const stage = await open({ services: { app, other: app } });
  await stage.begin();
  const before = await stage.slipway.builds();
  const services = { app: { ...app, buildArgs: { LEVEL: '2' } }, other: app, added: { ...app, branches: ['main'] } };
  expect(await reread(stage, { services })).toBe(true);
  await stage.slipway.quiet();
  const builds = (await stage.slipway.builds()).slice(0, -before.length);
  expect(builds.map(({ service, reason, trigger }) => [service, reason.code, trigger.kind]).sort()).toEqual([
    ['added', 'first-build', 'settings'],
    ['app', 'settings-changed', 'settings'],
  ]);
});

test('what is queued for a service that is gone is canceled, and what somebody asked for says so', async () => {
  const stage = await open({
    services: { app, gone: app },
    config: { engine: { host: 'unix:///nowhere.sock', concurrency: 1 } },
  });
  stage.fakes.engine.hold();
  const rows = await stage.push({ 'docker/Dockerfile': dockerfile });
  const forced = await stage.slipway.post<{ id: string }>('/rebuild/gone', { branch: 'main' });
  expect(await reread(stage, { services: { app } })).toBe(true);
  const queued = rows.find(({ service }) => service === 'gone');
  expect(await stage.slipway.ended(queued?.buildId ?? null)).toMatchObject({ status: 'canceled' });
  stage.fakes.engine.release();
  expect(await stage.slipway.ended(forced.body.id)).toMatchObject({
    status: 'failed',
    error: { code: 'unknown-service' },
  });
  expect((await stage.slipway.request('POST', '/rebuild/gone')).statusCode).toBe(404);
});

test('a faulty file leaves everything as it was, and every fault is logged', async () => {
  const stage = await open({ services: { app } });
  const services = { app: { ...app, branches: ['[', 'main'], contxt: '.' } };
  expect(await reread(stage, { services, access: { tokens: [] } })).toBe(false);
  expect(said(stage, 'error')).toEqual([
    expect.stringContaining('new configuration is faulty: '),
    expect.stringContaining('did you mean `context`?'),
    'configuration in force stays as it is',
  ]);
  expect((await stage.slipway.request('GET', '/api/v1/services')).statusCode).toBe(200);
});

test('/readyz names a file that was not taken, until one is', async () => {
  const stage = await open({ services: { app } });
  const told = async () => {
    // Answers are shared for a few seconds.
    stage.clock.leap(10_000);
    return (await stage.slipway.get<{ checks: { configuration: unknown } }>('/readyz')).checks.configuration;
  };
  expect(await told()).toEqual({ ok: true, message: 'ok' });
  expect(await reread(stage, { services: { app: { ...app, contxt: '.' } } })).toBe(false);
  const message = expect.stringMatching(
    /^the file changed and was not taken at \d{4}-.*Z, 1 fault: services\.app\.contxt: .*did you mean `context`/,
  ) as unknown;
  expect(await told()).toEqual({ ok: true, message });
  expect(await reread(stage, { services: { app } })).toBe(true);
  expect(await told()).toEqual({ ok: true, message: 'ok' });
});

test('tokens are swapped, and what needs a restart is said while the rest is taken', async () => {
  const stage = await open({ services: { app } });
  const access = { tokens: [{ name: 'new', token: 'another-token', scopes: ['read'] }] };
  expect(await reread(stage, { access, dockerfiles: { repository: 'abc/elsewhere' } })).toBe(true);
  expect(said(stage, 'warn')).toEqual(['dockerfiles changed; it takes effect with the next start']);
  expect((await stage.slipway.request('GET', '/api/v1/services')).statusCode).toBe(401);
  expect((await stage.slipway.request('GET', '/api/v1/services', undefined, 'another-token')).statusCode).toBe(200);
});

describe('deployments', () => {
  const hosts = {
    a: { engine: 'unix:///run/a.sock', address: 'h' },
    b: { engine: 'unix:///run/b.sock', address: 'h' },
  };
  const environments = {
    staging: { hosts },
    production: {
      hosts,
      balancer: {
        haproxy: {
          sockets: ['/run/h.sock'],
          backend: 'b',
          servers: Object.fromEntries(Object.keys(hosts).map((host) => [host, host])),
        },
      },
    },
  };
  const deploy = { environments: ['staging', 'production'] };

  test('deploy rebuilds nothing, and a setting that people may regret is a warning', async () => {
    const stage = await open({ services: { app } });
    await stage.begin();
    const before = await stage.slipway.builds();
    expect(await reread(stage, { environments, services: { app: { ...app, deploy } } })).toBe(true);
    await stage.slipway.quiet();
    expect(await stage.slipway.builds()).toEqual(before);
    expect(said(stage, 'warn')).toEqual([
      'environments.production.balancer.haproxy has no `stateFile`, so a reload of HAProxy undoes a switch',
    ]);
  });

  test('what is left behind is named', async () => {
    const stage = await open({ services: { app } });
    await reread(stage, { environments, services: { app: { ...app, deploy } } });
    const { a } = hosts;
    const changed = {
      environments: { staging: { hosts: { a } } },
      services: { app: { ...app, deploy: { environments: [] } } },
    };
    expect(await reread(stage, changed)).toBe(true);
    const warnings = said(stage, 'warn').filter((line) => line !== 'a host cannot be reached');
    expect(warnings.slice(1)).toEqual([
      'environments.staging.hosts.b is gone; what runs there of app is left as it is',
      'environments.production is gone, with a, b; what runs there of app is left as it is',
      'services.app.deploy.environments no longer has staging; what runs of it in staging is left as it is',
    ]);
  });

  test('no secret is in an answer or in the log', async () => {
    const stage = await open({ services: { app } });
    const secret = 'pa55word';
    const variables = { PW: '${PW}', URL: 'db://u:${PW}@h' };
    const settings = {
      environments: { staging: { hosts, variables } },
      services: {
        app: { ...app, deploy: { ...deploy, environments: ['staging'], variables: { staging: variables } } },
      },
    };
    await stage.slipway.writeConfig(settings);
    expect(await stage.slipway.running.reload(await loadConfig(stage.slipway.configFile, { PW: secret }))).toBe(true);
    const faulty = { ...settings, environments: { staging: { hosts, variables, requires: '${PW}' } } };
    await stage.slipway.writeConfig(faulty);
    expect(await stage.slipway.running.reload(await loadConfig(stage.slipway.configFile, { PW: secret }))).toBe(false);
    stage.clock.leap(10_000);
    const paths = ['/api/v1/services', '/api/v1/services/app', '/api/v1/graph', '/readyz', '/metrics', '/openapi.json'];
    const answers = await Promise.all(paths.map((path) => stage.slipway.request('GET', path)));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(paths.map(() => 200));
    expect(answers.map(({ body }) => body).join() + JSON.stringify(stage.slipway.log.lines)).not.toContain(secret);
    expect(said(stage, 'error')[0]).toContain('names no environment');
  });
});
