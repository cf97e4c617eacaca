import type { Allow } from '../../../src/model/run-file.js';
import { readRunFile } from '../../../src/run-file/run-file.js';
import { nothingAllowed, reading, requestFor, service } from './reading.js';

const faults = (lines: string, allow: Partial<Allow> = {}) =>
  reading(service(lines), { allow: { ...nothingAllowed, ...allow } }).faults;

test.each<[string, keyof Allow, Partial<Allow>, string]>([
  ['privileged: true', 'privileged', { privileged: true }, '`privileged`'],
  ['network_mode: host', 'hostNetwork', { hostNetwork: true }, 'The network of the host'],
  ['devices: [/dev/fuse]', 'devices', { devices: ['/dev/fuse'] }, 'The device "/dev/fuse"'],
  ['cap_add: [NET_ADMIN]', 'capAdd', { capAdd: ['CAP_NET_ADMIN'] }, 'The capability "NET_ADMIN"'],
  ['cap_add: [NET_ADMIN]', 'capAdd', { capAdd: ['all'] }, 'The capability "NET_ADMIN"'],
  [
    'security_opt: ["label=disable"]',
    'securityOpt',
    { securityOpt: ['label=disable'] },
    'The security option "label=disable"',
  ],
  [
    'sysctls: {net.core.somaxconn: 1}',
    'sysctls',
    { sysctls: ['net.core.somaxconn'] },
    'The kernel parameter "net.core.somaxconn"',
  ],
  ['volumes: ["/srv/a:/b"]', 'binds', { binds: ['/srv'] }, 'The bind of "/srv/a"'],
])('%s needs allow.%s', (lines, key, allow, what) => {
  expect(faults(lines)).toMatchObject([
    {
      code: 'run-file-not-allowed',
      message: `${what} is not allowed here. The operator can allow it with \`environments.production.allow.${key}\`.`,
      file: 'compose.yaml',
      line: 3,
      setting: `environments.production.allow.${key}`,
    },
  ]);
  expect(faults(lines, allow)).toEqual([]);
});

test('what is not allowed is listed with every other fault', () => {
  const lines = 'privileged: true\ncap_add: [NET_RAW, SYS_TIME]\nbuild: .\nvolumes: ["/a:/b"]';
  expect(faults(lines).map(({ line, code }) => `${line} ${code}`)).toEqual([
    '3 run-file-not-allowed',
    '4 run-file-not-allowed',
    '4 run-file-not-allowed',
    '5 run-file-invalid',
    '6 run-file-not-allowed',
  ]);
});

test.each([
  ['/srv', ['/srv'], true],
  ['/srv/a/../b', ['/srv/b/'], true],
  ['/srv/../etc', ['/srv'], false],
  ['/srvx', ['/srv'], false],
  ['/', ['/srv'], false],
  ['/etc', ['/'], true],
  ['//srv//a', ['/srv'], true],
  // the engine's socket is named literally, also when a folder shows it
  ['/var/run/docker.sock', ['/'], false],
  ['/var/run/docker.sock', ['/var/run'], false],
  ['/run/docker.sock', ['/run'], false],
  ['/var/run/docker.sock', ['/var/run/docker.sock'], true],
  ['/var/run/docker.sock', ['/run/docker.sock'], true],
  ['/run/./docker.sock', ['/var/run/docker.sock'], true],
  ['/run', ['/run'], false],
  ['/var/run', ['/var/run'], false],
  ['/', ['/'], false],
  ['/run', ['/run', '/run/docker.sock'], true],
  ['/run/app', ['/run'], true],
])('a bind of %s with %j is allowed: %s', (source, binds, allowed) => {
  expect(faults(`volumes: ["${source}:/x"]`, { binds }).length === 0).toBe(allowed);
});

test('named volumes, fewer rights and ports need nothing', () => {
  const text = `${service('volumes: ["data:/x"]\ncap_drop: [ALL]\nports: ["80:80"]\nread_only: true\nnetwork_mode: bridge')}volumes: {data: }\n`;
  expect(reading(text, { allow: nothingAllowed }).faults).toEqual([]);
});

test("a host's own socket is named literally too", () => {
  const request = requestFor(service('volumes: ["/srv/engine:/x"]'), { allow: { ...nothingAllowed, binds: ['/srv'] } });
  const faultsWith = (sockets: readonly string[]) =>
    readRunFile({ ...request, allowance: { ...request.allowance, sockets } }).faults.length;
  expect(faultsWith(['/srv/engine/docker.sock'])).toBe(1);
  expect(faultsWith(['/srv/other/docker.sock'])).toBe(0);
});
