import { inspect } from 'node:util';
import { haproxy, hostA, hostB, production, productionOf, withEnvironments } from '../../support/environments.js';
import { configOf, least } from '../../support/write-config.js';

const MINUTE = 60_000;

test('every default of an environment applies', async () => {
  const { hosts, variables, ...rest } = await productionOf();
  expect(rest).toEqual({
    name: 'production',
    strategy: 'rolling',
    balancer: null,
    gate: 'start',
    window: [],
    approvals: 0,
    requires: null,
    follow: null,
    allow: {
      privileged: false,
      hostNetwork: false,
      devices: [],
      capAdd: [],
      securityOpt: [],
      sysctls: [],
      binds: [],
    },
    defaults: { memory: null, nanoCpus: null, restart: null },
    timeouts: {
      reach: 2 * MINUTE,
      pull: 10 * MINUTE,
      start: MINUTE,
      settle: 10_000,
      drain: 30_000,
      drainMax: 10 * MINUTE,
      soak: 30_000,
    },
    concurrency: 2,
    keep: 3,
    repair: 'off',
  });
  expect([...hosts.values()]).toEqual([
    { name: 'a', engine: 'unix:///run/a.sock', tls: null, address: '127.0.0.1', publish: null },
  ]);
  expect(variables.reveal()).toEqual(new Map());
});

test.each([
  ['gate: start, approvals: 2', { gate: 'start', approvals: 2 }],
  [
    "window: [{ days: [sun, mon, sun], from: '20:00', to: '01:30', zone: Europe/Zurich }]",
    { window: [{ days: ['mon', 'sun'], from: 1200, to: 90, zone: 'Europe/Zurich' }] },
  ],
  [
    "window: [{ from: '00:00', to: '24:00', zone: UTC }]",
    { window: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: 0, to: 1440, zone: 'UTC' }] },
  ],
  ['follow: release/1.0', { follow: 'release/1.0' }],
  [
    "allow: { privileged: true, hostNetwork: true, devices: [/dev/fuse], capAdd: [cap_net_admin, ALL], securityOpt: ['apparmor:unconfined'], sysctls: [net.core.somaxconn], binds: [/srv/data] }",
    {
      allow: {
        privileged: true,
        hostNetwork: true,
        devices: ['/dev/fuse'],
        capAdd: ['cap_net_admin', 'ALL'],
        securityOpt: ['apparmor:unconfined'],
        sysctls: ['net.core.somaxconn'],
        binds: ['/srv/data'],
      },
    },
  ],
  [
    "defaults: { memory: 512MiB, cpus: 1.5, restart: 'on-failure:3' }",
    { defaults: { memory: 512 * 1024 ** 2, nanoCpus: 1.5e9, restart: { name: 'on-failure', maxRetries: 3 } } },
  ],
  ['timeouts: { start: 2s, drainMax: 1h }', { timeouts: { start: 2000, drainMax: 60 * MINUTE, settle: 10_000 } }],
  ['concurrency: 1, keep: 0, repair: all', { concurrency: 1, keep: 0, repair: 'all' }],
  ['repair: false', { repair: 'off' }],
  ['repair: off', { repair: 'off' }],
  [
    'balancer: { command: { observe: [lb, status, "{service}"], enable: [lb, on, "{host}"], drain: [lb, off, "{host}"] } }',
    {
      balancer: {
        kind: 'command',
        observe: ['lb', 'status', '{service}'],
        enable: ['lb', 'on', '{host}'],
        drain: ['lb', 'off', '{host}'],
        address: null,
      },
    },
  ],
])('an environment with %s', async (settings, expected) => {
  expect(await productionOf(settings)).toMatchObject(expected);
});

test('blue-green holds back the switch, and HAProxy knows a server for each host', async () => {
  const settings = `strategy: blue-green, balancer: { ${haproxy}, address: 'http://{service}.abc.net/' }`;
  expect(await productionOf(settings, {}, `{ ${hostA}, ${hostB} }`)).toMatchObject({
    strategy: 'blue-green',
    gate: 'switch',
    balancer: {
      kind: 'haproxy',
      sockets: ['/run/haproxy/admin.sock'],
      stateFile: null,
      backend: 'bk_{service}',
      servers: new Map([
        ['a', 'web-a'],
        ['b', 'web-b'],
      ]),
      address: 'http://{service}.abc.net',
    },
  });
});

test('HAProxy may be behind ssh, and a state file needs one socket of this machine', async () => {
  const sockets = ['ssh://deploy@lb-1:2222/run/haproxy/admin.sock', '/run/haproxy/admin.sock'];
  const written = haproxy.replace(/\[.*?\]/, `["${sockets.join('", "')}"], stateFile: /var/lib/haproxy/state`);
  const { balancer } = await productionOf(`balancer: { ${written} }`, {}, `{ ${hostA}, ${hostB} }`);
  expect(balancer).toMatchObject({ sockets, stateFile: '/var/lib/haproxy/state' });
});

test.each([
  'unix:///run/docker.sock',
  'tcp://10.0.0.12',
  'tcp://h:2376',
  'tcp://[fd00::1]:2376',
  'ssh://10.0.0.11',
  'ssh://deploy@host-1.abc.net',
  'ssh://deploy@host:22',
  'ssh://deploy@[fd00::1]:2222',
  'ssh://deploy@host:22/run/user/1000/docker.sock',
])('the engine %s', async (engine) => {
  const { hosts } = await productionOf('', {}, `{ a: { engine: "${engine}", address: h, publish: "::" } }`);
  expect(hosts.get('a')).toMatchObject({ engine, address: 'h', publish: '::' });
});

test('certificates of a host are read when the configuration is', async () => {
  const hosts = '{ a: { engine: "tcp://h", tls: { ca: ca.pem, cert: cert.pem, key: key.pem }, address: h } }';
  const files = { 'ca.pem': 'CA', 'cert.pem': 'CERT', 'key.pem': 'the-key' };
  const { environments } = await configOf(withEnvironments(production('', hosts)), {}, files);
  const tls = environments.get('production')?.hosts.get('a')?.tls;
  expect(tls).toMatchObject({ ca: 'CA', cert: 'CERT' });
  expect(tls?.key?.reveal()).toBe('the-key');
  expect(inspect(environments, { depth: null })).not.toContain('the-key');
});

test('environments keep the order in which they are written, numbers too', async () => {
  const names = ['staging', '10', '2', 'eu-production', '1'];
  const environments = `{ ${names.map((name) => `${name}: { hosts: { ${hostA} } }`).join(', ')} }`;
  expect([...(await configOf(withEnvironments(environments))).environments.keys()]).toEqual(names);
});

describe('variables', () => {
  const secrets = { PASSWORD: 'pa55word', USER_NAME: 'me' };

  test('are texts as they are written, and secret if they come from the environment of the server', async () => {
    const settings =
      'variables: { HOST: db1, PORT: 1.10, ON: true, PW: "${PASSWORD}", URL: "db://${USER_NAME}:${PASSWORD}@h", L: "$${PASSWORD}" }';
    const { variables } = await productionOf(settings, secrets);
    expect(Object.fromEntries(variables.reveal())).toEqual({
      HOST: { value: 'db1', secret: false },
      PORT: { value: '1.10', secret: false },
      ON: { value: 'true', secret: false },
      PW: { value: 'pa55word', secret: true },
      URL: { value: 'db://me:pa55word@h', secret: true, parts: ['me', 'pa55word'] },
      L: { value: '${PASSWORD}', secret: false },
    });
  });

  test('that come by an alias or a merge are as secret', async () => {
    const text = withEnvironments(
      `{ s: { hosts: { ${hostA} }, variables: &v { PW: "\${PASSWORD}", ONE: &one "\${PASSWORD}" } },
  p: { hosts: { ${hostA} }, variables: *v }, q: { hosts: { ${hostA} }, variables: { <<: *v, TWO: *one } } }`,
    );
    const { environments } = await configOf(text, secrets);
    for (const { variables } of environments.values()) {
      for (const variable of variables.reveal().values()) expect(variable).toEqual({ value: 'pa55word', secret: true });
    }
    expect(environments.get('q')?.variables.reveal().size).toBe(3);
  });

  test('are not read again', async () => {
    const { variables } = await productionOf('variables: { A: "${PASSWORD}" }', { PASSWORD: '${USER_NAME}$$x' });
    expect(variables.reveal().get('A')?.value).toBe('${USER_NAME}$$x');
  });
});

test('how a service is deployed', async () => {
  const deploy = `{ file: ./deploy/compose.yaml, environments: [production], formerly: old-name,
    variables: { production: { DB_PASSWORD: '\${PW}' } }, allow: { production: { privileged: true } },
    verify: { path: /api/v1/version, port: 8080, json: /version, headers: { x-key: '\${PW}' } } }`;
  const { services } = await configOf(withEnvironments(production(), deploy), { PW: 'hidden' });
  const settings = services.get('web')?.deploy;
  expect(settings).toMatchObject({
    file: 'deploy/compose.yaml',
    environments: ['production'],
    formerly: 'old-name',
  });
  expect(settings?.allow.get('production')).toMatchObject({ privileged: true, hostNetwork: false, binds: [] });
  expect(settings?.variables.get('production')?.reveal().get('DB_PASSWORD')).toEqual({ value: 'hidden', secret: true });
  expect(settings?.verify?.reveal()).toEqual({
    path: '/api/v1/version',
    port: 8080,
    json: '/version',
    headers: { 'x-key': 'hidden' },
  });
  expect(settings?.secretVerifyKeys).toEqual(['headers']);
});

test('a service without deploy is not deployed', async () => {
  expect((await configOf(least)).services.get('web')?.deploy).toBeNull();
});

test('instance, what hosts sign in with, and what a token may deploy to', async () => {
  const more = `server: { instance: eu-1 }
access: { tokens: [{ name: a, token: x, scopes: [deploy], environments: [production] }, { name: b, token: y, scopes: [read] }] }`;
  const text = withEnvironments(production(), undefined, more).replace(
    'registry.abc.net }',
    'registry.abc.net, pull: { username: deploy, password: "${PULL}" } }',
  );
  const { server, registry, access } = await configOf(text, { PULL: 'secret-pull' });
  expect([server.instance, registry.pull?.username]).toEqual(['eu-1', 'deploy']);
  expect(registry.pull?.password.reveal()).toBe('secret-pull');
  expect(access.tokens.map(({ environments }) => environments)).toEqual([['production'], null]);
});

test('deploy is no build setting', async () => {
  const fingerprint = async (text: string) => (await configOf(text)).services.get('web')?.settingsFingerprint;
  const plain = withEnvironments(production()).replace(', deploy: { environments: [] }', '');
  const deployed = withEnvironments(production(), '{ environments: [production], file: compose.yaml }');
  expect(deployed).not.toBe(plain);
  expect(await fingerprint(deployed)).toBe(await fingerprint(plain));
});

test('nothing secret is shown by the effective configuration', async () => {
  const text = withEnvironments(
    production('variables: { A: "${S}1", B: "x${S}2" }'),
    '{ environments: [production], variables: { production: { C: "${S}3" } }, verify: { headers: { k: "${S}4" } } }',
    'access: { tokens: [{ name: t, token: "${S}5", scopes: [read] }] }',
  ).replace('registry.abc.net }', 'registry.abc.net, pull: { username: u, password: "${S}6" } }');
  const config = await configOf(text, { S: 's3cret-' });
  expect(config.environments.get('production')?.variables.reveal().get('B')?.value).toBe('xs3cret-2');
  const shown = [inspect(config, { depth: null, showHidden: true }), JSON.stringify(config)];
  const maps = [...config.environments.values(), ...config.services.values()].map((one) => JSON.stringify(one));
  expect([...shown, ...maps].join()).not.toContain('s3cret');
});
