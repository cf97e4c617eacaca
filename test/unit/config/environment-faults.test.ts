import { haproxy, hostA, hostB, production, withEnvironments } from '../../support/environments.js';
import { faultsOf, loadText } from '../../support/write-config.js';

const PLACE = /^environments\.production\./;

test.each([
  ['strategy: blue-green', /balancer: is required with `strategy: blue-green`/],
  ['strategy: green', /strategy: must be one of: rolling, blue-green$/],
  ['gate: switch', /gate: must be `start` with `strategy: rolling`/],
  ['gate: open', /gate: must be one of: switch, start$/],
  ['approvals: -1', /approvals: must be at least 0/],
  ['approvals: 1.5', /approvals: must be a whole number/],
  ['requires: production', /requires: is the environment itself/],
  ['requires: prodction', /requires: names no environment; did you mean `production`\?/],
  ['requires: somewhere', /requires: names no environment$/],
  ['follow: "release/*"', /follow: is a pattern, not the name of one branch/],
  ['follow: origin/main', /follow: begins with "origin\/"/],
  ['allow: { root: true }', /allow.root: is unknown/],
  ['allow: { binds: [data] }', /allow.binds\[0\]: must be an absolute path of the host/],
  ['allow: { binds: [../x] }', /allow.binds\[0\]: must be an absolute path/],
  ['allow: { devices: [fuse] }', /allow.devices\[0\]: must be an absolute path/],
  ['allow: { capAdd: ["net admin"] }', /allow.capAdd\[0\]: must be the name of a capability/],
  ['allow: { sysctls: ["a=b"] }', /allow.sysctls\[0\]: must be the name of a kernel parameter/],
  ['allow: { privileged: "yes" }', /allow.privileged: must be true or false/],
  ['defaults: { memory: 8g }', /defaults.memory: must be a size of at least 6MiB/],
  ['defaults: { memory: 1MiB }', /defaults.memory: must be a size of at least 6MiB/],
  ['defaults: { memory: 8000000 }', /defaults.memory: must be text/],
  ['defaults: { cpus: 0 }', /defaults.cpus: must be at least 0.01/],
  ['defaults: { cpus: many }', /defaults.cpus: must be a number/],
  ['defaults: { restart: sometimes }', /defaults.restart: must be `always`/],
  ['variables: { A-B: x }', /variables.A-B: must be called a variable/],
  ['variables: { A: [x] }', /variables.A: must be text, a number or a truth value/],
  ['variables: { A: }', /variables.A: must be text, a number or a truth value/],
  ['variables: { A: "${UNSET}" }', /variables.A: \$\{UNSET\} is not set/],
  ['timeouts: { reach: 0s }', /timeouts.reach: must be a duration above zero/],
  ['timeouts: { pull: 30d }', /timeouts.pull: must be a duration above zero and at most 24d/],
  ['timeouts: { wait: 1s }', /timeouts.wait: is unknown/],
  ['timeouts: { drain: 20m, drainMax: 1m }', /timeouts.drain: must not be longer than drainMax/],
  ['concurrency: 0', /concurrency: must be at least 1/],
  ['keep: -1', /keep: must be at least 0/],
  ['repair: some', /repair: must be `off`, `missing` or `all`/],
  ['windows: []', /windows: is unknown; did you mean `window`\?/],
])('an environment with %s is a fault', async (settings, expected) => {
  const faults = await faultsOf(withEnvironments(production(settings, `{ ${hostA}, ${hostB} }`)));
  expect(faults).toEqual([expect.stringMatching(expected)]);
  expect(faults[0]).toMatch(PLACE);
});

test.each([
  ["from: '20:00', to: '20:00', zone: UTC", /window\[0\].to: is the same as `from`/],
  ["from: '20:00', zone: UTC", /window\[0\].to: is required/],
  ["from: '20:00', to: '23:00'", /window\[0\].zone: is required/],
  ["from: '24:00', to: '23:00', zone: UTC", /window\[0\].from: must be a time such as '20:00'/],
  ["from: '8:00', to: '23:00', zone: UTC", /window\[0\].from: must be a time/],
  ["from: '20:00', to: '24:01', zone: UTC", /window\[0\].to: must be a time/],
  ["from: '20:00', to: '23:60', zone: UTC", /window\[0\].to: must be a time/],
  ["from: '20:00', to: '23:00', zone: Europe/Zuerich", /window\[0\].zone: must be a time zone/],
  ["from: '20:00', to: '23:00', zone: '+01:00'", /window\[0\].zone: must be a time zone/],
  ["days: [], from: '20:00', to: '23:00', zone: UTC", /window\[0\].days: must not be empty/],
  ["days: [wednesday], from: '20:00', to: '23:00', zone: UTC", /window\[0\].days\[0\]: must be one of: mon, tue/],
])('a window with %s is a fault', async (window, expected) => {
  expect(await faultsOf(withEnvironments(production(`window: [{ ${window} }]`)))).toEqual([
    expect.stringMatching(expected),
  ]);
});

test.each([
  ['http://h', /must be unix:\/\/\/path/],
  ['unix://run/docker.sock', /with an absolute path/],
  [`unix:///${'x'.repeat(107)}`, /at most 107 bytes/],
  ['tcp://', /must be tcp:\/\/host:port$/],
  ['tcp://h:0', /must be tcp:\/\/host:port$/],
  ['tcp://h:70000', /must be tcp:\/\/host:port$/],
  ['tcp://me@h', /must not hold credentials; use tls/],
  ['tcp://h/path', /must be/],
  ['ssh://', /must be ssh:\/\/host/],
  ['ssh://me:hidden@h', /must not hold a password; ssh signs in with a key/],
  ['ssh://-oProxyCommand=x@h', /must be ssh:\/\/host/],
  ['ssh://-oProxyCommand=x', /must be ssh:\/\/host/],
  ['ssh://me@-h', /must be ssh:\/\/host/],
  ['ssh://me@h/', /must be ssh:\/\/host/],
  ['ssh://me@h/run/docker.sock:/etc/shadow', /must be ssh:\/\/host/],
  ['ssh://me@h/run/docker%20.sock', /must be ssh:\/\/host/],
  ['ssh://me@h/run/docker.sock?x', /must be ssh:\/\/host/],
  [`ssh://me@h/${'x'.repeat(107)}`, /must be ssh:\/\/host/],
  ['ssh://me@[10.0.0.1]', /must be ssh:\/\/host/],
])('the engine %s is a fault', async (engine, expected) => {
  const faults = await faultsOf(withEnvironments(production('', `{ a: { engine: "${engine}", address: h } }`)));
  expect(faults).toEqual([expect.stringMatching(expected)]);
  expect(faults[0]).toMatch(/^environments\.production\.hosts\.a\.engine: /);
  expect(faults.join()).not.toContain('hidden');
});

test.each([
  ['{}', /hosts: must not be empty$/],
  ['{ A: { engine: "unix:///a", address: h } }', /hosts.A: must be called a host: \[a-z0-9\]/],
  [`{ ${'x'.repeat(33)}: { engine: "unix:///a", address: h } }`, /must be called a host/],
  ['{ a: { engine: "unix:///a" } }', /hosts.a.address: is required/],
  ['{ a: { address: h } }', /hosts.a.engine: is required/],
  ['{ a: { engine: "unix:///a", address: "http://h" } }', /hosts.a.address: must be a host name or an IP address/],
  ['{ a: { engine: "unix:///a", address: "h:8080" } }', /hosts.a.address: must be a host name/],
  ['{ a: { engine: "unix:///a", address: "[::1]" } }', /hosts.a.address: must be a host name/],
  ['{ a: { engine: "unix:///a", address: h, publish: localhost } }', /hosts.a.publish: must be an IP address/],
  ['{ a: { engine: "unix:///a", tls: { ca: any.pem }, address: h } }', /hosts.a.tls: needs an engine that begins with/],
  [
    '{ a: { engine: "tcp://h", tls: { cert: any.pem }, address: h } }',
    /hosts.a.tls.key: is required with environments.production.hosts.a.tls.cert/,
  ],
  ['{ a: { engine: "tcp://h", tls: { ca: no.pem }, address: h } }', /hosts.a.tls.ca: the file cannot be read/],
  [
    '{ a: { engine: "unix:///run/x", address: h }, b: { engine: "unix:///var//run/x", address: h } }',
    /hosts.b.engine: is also the engine of the host a/,
  ],
  [
    '{ a: { engine: "ssh://me@H", address: h }, b: { engine: "ssh://you@h:22", address: h } }',
    /hosts.b.engine: is also the engine of the host a/,
  ],
  [
    '{ a: { engine: "ssh://me@h", address: h }, b: { engine: "ssh://you@h:22/run/docker.sock", address: h } }',
    /hosts.b.engine: is also the engine of the host a/,
  ],
])('the hosts %s are a fault', async (hosts, expected) => {
  expect(await faultsOf(withEnvironments(production('', hosts)), {}, { 'any.pem': 'PEM' })).toEqual([
    expect.stringMatching(expected),
  ]);
});

test('sockets of two users on one machine are two engines', async () => {
  const engine = (user: string) => `{ engine: "ssh://h/run/${user}/docker.sock", address: h }`;
  expect(await faultsOf(withEnvironments(production('', `{ a: ${engine('me')}, b: ${engine('ME')} }`)))).toEqual([]);
});

test('two environments may share an engine', async () => {
  const text = withEnvironments(`{ staging: { hosts: { ${hostA} } }, production: { hosts: { ${hostA} } } }`);
  expect(await faultsOf(text)).toEqual([]);
});

const command = 'observe: [lb], enable: [lb, "{host}"], drain: [lb, "{host}"]';

test.each([
  ['{}', /balancer: needs `haproxy` or `command`/],
  [`{ ${haproxy}, command: { ${command} } }`, /balancer: has both `haproxy` and `command`/],
  ['{ nginx: {} , haproxy: }', /balancer.nginx: is unknown/],
  [`{ ${haproxy.replace('b: web-b', 'c: web-b, b: x')} }`, /servers.c: names no host of this environment/],
  [`{ ${haproxy.replace(', b: web-b', '')} }`, /servers.b: is required: every host has a server/],
  [`{ ${haproxy.replace('web-b', 'web-a')} }`, /servers.b: is also the server of the host a/],
  [`{ ${haproxy.replace('{service}', '{name}')} }`, /backend: must have no other placeholder than \{service\}/],
  [`{ ${haproxy.replace('/run/haproxy', 'haproxy')} }`, /sockets\[0\]: must be an absolute path, or ssh:/],
  [`{ ${haproxy.replace('/run/haproxy', 'tcp://x')} }`, /sockets\[0\]: must be an absolute path, or ssh:/],
  [`{ ${haproxy.replace('/run/haproxy', 'ssh://a:secret@b')} }`, /sockets\[0\]: must not hold a password/],
  [`{ ${haproxy.replace('/run/haproxy/admin.sock', 'ssh://a@b')} }`, /sockets\[0\]: must be ssh:.*with a path/],
  [`{ ${haproxy.replace('/run/haproxy', 'ssh://a@b/x:/etc')} }`, /sockets\[0\]: must be ssh:.*with a path/],
  [`{ ${haproxy.replace('/run/haproxy', 'ssh://-oX=y@b')} }`, /sockets\[0\]: must be ssh:/],
  [`{ ${haproxy.replace('/run/haproxy/', `/${'x'.repeat(100)}/`)} }`, /sockets\[0\]: must have a path of at most 107/],
  [`{ ${haproxy.replace('bk_{service}', 'bk;{service}')} }`, /backend: must be a name of HAProxy/],
  [`{ ${haproxy.replace('web-b', '"web b"')} }`, /servers.b: must be a name of HAProxy/],
  [
    `{ ${haproxy.replace('/run/haproxy', 'ssh://a@b/run').replace('backend', 'stateFile: /x, backend')} }`,
    /haproxy.stateFile: needs an admin socket of this machine/,
  ],
  ['{ haproxy: { sockets: [], backend: b, servers: { a: a, b: b } } }', /sockets: must not be empty/],
  [`{ ${haproxy}, address: web.abc.net }`, /balancer.address: must be an http/],
  [`{ ${haproxy}, address: "http://{host}.abc.net" }`, /balancer.address: must have no other placeholder/],
  [`{ command: { ${command.replace('lb, "{host}"', 'lb')} } }`, /command.enable: must have \{host\} in one of its/],
  [`{ command: { ${command.replace('[lb]', '[lb, "{host}"]')} } }`, /command.observe\[1\]: must have no other/],
  [`{ command: { ${command.replace('[lb]', '[]')} } }`, /command.observe: must not be empty/],
])('the balancer %s is a fault', async (balancer, expected) => {
  const text = withEnvironments(production(`balancer: ${balancer}`, `{ ${hostA}, ${hostB} }`));
  const [first, ...others] = await faultsOf(text);
  expect(first).toMatch(expected);
  expect(others.filter((fault) => !fault.includes('needs `haproxy`'))).toEqual([]);
});

test('blue-green needs two hosts', async () => {
  const balancer = `balancer: { ${haproxy.replace(', b: web-b', '')} }`;
  expect(await faultsOf(withEnvironments(production(`strategy: blue-green, ${balancer}`)))).toEqual([
    'environments.production.hosts: must be two or more with `strategy: blue-green`',
  ]);
});

test('requires never runs in a circle, which is one fault', async () => {
  const environment = (name: string, requires: string) => `${name}: { hosts: { ${hostA} }, requires: ${requires} }`;
  const names = [environment('a', 'b'), environment('b', 'c'), environment('c', 'b'), environment('d', 'a')];
  expect(await faultsOf(withEnvironments(`{ ${names.join(', ')} }`))).toEqual([
    'environments.b.requires: runs in a circle: b → c → b',
  ]);
});

test('a followed branch is built for every service of the environment', async () => {
  const text = (follow: string, more = '') =>
    withEnvironments(
      production(`follow: ${follow}`),
      '{ environments: [production] }',
      `  api: { repository: abc/api, deploy: { environments: [production] } }
  elsewhere: { repository: abc/elsewhere, branches: [trunk], deploy: { environments: [] } }
${more}`,
    );
  expect(await faultsOf(text('release/1.0'))).toEqual([]);
  expect(await faultsOf(text('master'))).toEqual([
    'environments.production.follow: is a branch that is not built for web',
  ]);
  expect(await faultsOf(text('trunk'))).toEqual([
    'environments.production.follow: is a branch that is not built for web, api',
  ]);
  expect(await faultsOf(text('main', 'defaults: { branches: [trunk] }'))).toEqual([
    'environments.production.follow: is a branch that is not built for api',
  ]);
});

test.each([
  ['server: { instance: My_Server }', 'server.instance: must be a name of letters, digits and "-", at most 32'],
  ['registry: { host: r.abc.net, pull: { username: u } }', 'registry.pull.password: is required'],
])('%s is a fault', async (setting, expected) => {
  const text = `github: { webhookSecrets: [hook] }
${setting.startsWith('registry') ? '' : 'registry: { host: r.abc.net }'}
services: { web: { repository: abc/web } }
${setting}`;
  expect(await faultsOf(text)).toEqual([expected]);
});

test('every fault is reported at once, and a fault has no further ones', async () => {
  const text = `
github: { webhookSecrets: [hook] }
registry: { host: registry.abc.net }
environments:
  Staging: { hosts: { a: { engine: "unix:///a", address: h } } }
  production:
    hosts: { a: { engine: "http://a", address: h }, B: { engine: "unix:///b", address: h } }
    strategy: blue-green
    balancer: { haproxy: { sockets: [x], backend: b, servers: { a: a, B: b, c: c } } }
    requires: Staging
services:
  web: { repository: abc/web, deploy: { environments: [Staging, nowhere] } }
`;
  expect(await faultsOf(text)).toEqual([
    'environments.Staging: must be called an environment: [a-z0-9][a-z0-9-]*, at most 32 characters',
    'environments.production.hosts.a.engine: must be unix:///path/of/the/socket, tcp://host:port or ssh://user@host',
    'environments.production.hosts.B: must be called a host: [a-z0-9][a-z0-9-]*, at most 32 characters',
    'environments.production.balancer.haproxy.sockets[0]: must be an absolute path, or ssh://user@host/path/of/the/socket',
    'environments.production.balancer.haproxy.servers.B: must be called a host: [a-z0-9][a-z0-9-]*, at most 32 characters',
    'environments.production.balancer.haproxy.servers.c: names no host of this environment',
    'services.web.deploy.environments[1]: names no environment',
  ]);
});

test('environments that are no mapping are one fault', async () => {
  expect(await faultsOf(withEnvironments('[production]', '{ environments: [production] }'))).toEqual([
    'environments: must be a mapping',
  ]);
});

test('no fault shows a value that may be a secret', async () => {
  const { loaded } = await loadText(
    withEnvironments(
      production(
        'requires: "${S}", follow: "${S}*", allow: { binds: ["${S}"] }, defaults: { memory: "${S}" }, variables: { A: ["${S}"] }',
        '{ a: { engine: "ssh://u:${S}@h", address: "${S}/" } }',
      ),
      '{ environments: ["${S}"], formerly: "-${S}", verify: { body: "regex:${S}(", path: "${S}" } }',
      'access: { tokens: [{ name: a, token: x, scopes: [deploy], environments: ["${S}"] }] }',
    ),
    { S: 's3cret' },
  );
  expect(loaded.ok ? 0 : loaded.faults.length).toBe(12);
  expect(JSON.stringify(loaded)).not.toContain('s3cret');
});
