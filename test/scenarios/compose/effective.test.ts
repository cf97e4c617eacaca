/** Effective run files, read by Compose of Debian trixie. */
import { effectiveFile } from '../../../src/specification/effective-file.js';
import { must } from '../../support/app.js';
import { composeConfig } from '../../support/compose.js';
import { digest, keptRunFile, specified } from '../../support/effective.js';

const secrets = { PASSWORD: 'pa55$word', URL: 'db://u:pa55$word@h' };
const setting = {
  environment: `variables: { PASSWORD: '\${PW}', URL: 'db://u:\${PW}@h', PORT: 8080 }, defaults: { memory: 2GiB, cpus: 1.5 },
    allow: { binds: [/srv], capAdd: [NET_ADMIN] }`,
  deploy: `verify: { path: /v, headers: { authorization: 'Bearer \${PW}' } }`,
  variables: { PW: 'pa55$word' },
};
const base = `
services:
  shop:
    ports: ["\${PORT}:80"]
    environment: [PASSWORD, "DB=x-\${URL}", "COST=5$$", "BOTH=$$\${PASSWORD}"]
    volumes: [/srv/data:/data:ro, state:/state]
    cap_add: [NET_ADMIN]
    command: [sh, -c, "echo $$HOME"]
volumes: {state: }
`;
const overlay = 'services: {shop: {restart: unless-stopped, healthcheck: {test: echo $$A, interval: 5s}}}\n';

async function read(runFile: ReturnType<typeof keptRunFile>, variables: Readonly<Record<string, string>>) {
  const { wanted, specification, warnings } = await specified(runFile, setting);
  const text = effectiveFile(wanted, must(specification), warnings);
  const answer = await composeConfig([text], variables);
  if ('error' in answer) throw new Error(answer.error);
  return { text, web: answer.project.services['web'], volumes: answer.project.volumes };
}

test('Compose reads the effective file, and puts the secrets in', async () => {
  const { text, web, volumes } = await read(keptRunFile(base, { production: overlay }), secrets);
  expect(text).not.toContain(setting.variables.PW);
  expect(text).toContain('create_host_path: false\n');
  expect(web).toMatchObject({
    image: `registry.abc.net/web@${digest}`,
    environment: {
      PASSWORD: 'pa55$$word',
      DB: 'x-db://u:pa55$$word@h',
      COST: '5$$',
      BOTH: '$$pa55$$word',
    },
    ports: [{ target: 80, published: '8080', protocol: 'tcp' }],
    volumes: [
      { type: 'bind', source: '/srv/data', target: '/data', read_only: true },
      { type: 'volume', source: 'web.production.state', target: '/state' },
    ],
    command: ['sh', '-c', 'echo $$HOME'],
    restart: 'unless-stopped',
    healthcheck: { test: ['CMD-SHELL', 'echo $$A'], interval: '5s' },
    mem_limit: String(2 * 1024 ** 3),
    memswap_limit: String(2 * 1024 ** 3),
    cpus: 1.5,
    init: true,
    stop_grace_period: '10s',
  });
  expect(volumes).toEqual({ 'web.production.state': { name: 'web.production.state' } });
});

test('Compose reads the defaults alone', async () => {
  const { web } = await read(keptRunFile(null), {});
  expect(web).toMatchObject({
    restart: 'always',
    init: true,
    mem_limit: String(2 * 1024 ** 3),
    network_mode: 'bridge',
  });
});
