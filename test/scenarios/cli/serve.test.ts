import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { version } from '../../../src/version.js';
import { useCli } from '../../support/cli.js';
import { TestSlipway } from '../../support/slipway.js';

jest.setTimeout(90_000);

const cli = useCli();

test('a running server reads its file again at SIGHUP and when it changes, and ends well at SIGTERM', async () => {
  const services = { app: { repository: 'abc/app' } };
  const slipway = await TestSlipway.create({ services, registryHost: 'registry.test:5000' });
  try {
    const environments = {
      staging: {
        hosts: { a: { engine: 'unix:///nowhere.sock', address: 'h' } },
        balancer: { haproxy: { sockets: ['/nowhere.sock'], backend: 'b', servers: { a: 'web-a' } } },
      },
    };
    await slipway.writeConfig({ environments });
    const server = cli.start('serve', '--config', slipway.configFile);
    expect(await server.until('listening')).toContain(`"version":"${version}"`);
    await server.until(
      'environments.staging.balancer.haproxy has no `stateFile`, so a reload of HAProxy undoes a switch',
    );
    await server.until('cannot reach engine');
    await slipway.writeConfig({ services: { ...services, added: { repository: 'abc/app' } } });
    server.signal('SIGHUP');
    await server.until('configuration read again');
    await writeFile(slipway.configFile, 'services: 1');
    await server.until('configuration in force stays as it is');
    server.signal('SIGTERM');
    const { code, stdout } = await server.ended;
    expect(code).toBe(0);
    expect(stdout).toContain('"changedServices":["added"]');
    expect(stdout).toContain('"path":"services"');
  } finally {
    await slipway.close();
  }
});

test('the version is that of package.json', async () => {
  const { code, stdout, stderr } = await cli('--version');
  expect([code, stdout, stderr]).toEqual([0, `${version}\n`, '']);
});

test('check --reach warns of branches that a repository does not have, and of none of defaults', async () => {
  const services = {
    app: { repository: 'abc/app', branches: ['main', 'relaese', 'release/*', 'regex:x'] },
    other: { repository: 'abc/app' },
    gone: { repository: 'abc/gone', branches: ['nowhere'] },
  };
  const slipway = await TestSlipway.create({ services, registryHost: '127.0.0.1:1' });
  try {
    const repo = await slipway.repo('abc/app');
    const head = await repo.commit({ files: { a: '1' } });
    await repo.branch('release', head);
    await slipway.writeConfig();
    const { code, stdout } = await cli('check', '--config', slipway.configFile, '--reach');
    const warnings = stdout.split('\n').filter((line) => line.startsWith('warning: services.'));
    expect(warnings).toEqual(['warning: services.app.branches[1]: abc/app has no branch "relaese"; similar: release']);
    expect(code).toBe(1);
  } finally {
    await slipway.close();
  }
});

test('check --reach asks engine, registry and git, and tells each in one line', async () => {
  const services = { app: { repository: 'abc/app' }, gone: { repository: 'abc/gone' } };
  const slipway = await TestSlipway.create({ services, registryHost: '127.0.0.1:1' });
  try {
    await slipway.repo('abc/app');
    await slipway.writeConfig();
    const plain = await cli('check', '--config', slipway.configFile);
    expect(plain.code).toBe(0);
    const { code, stderr } = await cli('check', '--config', slipway.configFile, '--reach');
    expect([code, stderr.trim().split('\n')]).toEqual([
      1,
      [
        expect.stringMatching(/^engine: cannot be reached: .*nowhere\.sock/),
        expect.stringMatching(/^registry: cannot be reached: .*127\.0\.0\.1:1/),
        expect.stringMatching(/^git: cannot be reached: 1 of 2 repositories: abc\/gone: /),
      ],
    ]);
  } finally {
    await slipway.close();
  }
});

test('a server whose address is taken says so in plain words', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const services = { app: { repository: 'abc/app' } };
  const slipway = await TestSlipway.create({ services, registryHost: 'registry.test:5000' });
  try {
    await slipway.writeConfig({ server: { listen: `127.0.0.1:${port}`, dataDir: join(slipway.folder, 'data') } });
    const { code, stderr } = await cli('serve', '--config', slipway.configFile);
    expect(stderr).toContain(`server.listen: 127.0.0.1:${port} is in use by another program.`);
    expect([code, stderr.includes('EADDRINUSE')]).toEqual([1, false]);
  } finally {
    await slipway.close();
    await new Promise((resolve) => other.close(resolve));
  }
});

test('a server that cannot begin its work ends, whatever it listens to already', async () => {
  const services = { app: { repository: 'abc/app' } };
  const slipway = await TestSlipway.create({ services, registryHost: 'registry.test:5000' });
  try {
    await slipway.writeConfig();
    await mkdir(join(slipway.folder, 'data'), { recursive: true });
    await writeFile(join(slipway.folder, 'data', 'mirrors'), 'no folder');
    const server = cli.start('serve', '--config', slipway.configFile);
    const { code, stderr } = await server.ended;
    expect([code, stderr]).toEqual([1, expect.stringContaining('mirrors')]);
  } finally {
    await slipway.close();
  }
});

test('a fault that quotes the file prints nothing that a terminal obeys', async () => {
  const slipway = await TestSlipway.create({ services: {}, registryHost: 'registry.test:5000' });
  try {
    await slipway.writeConfig({ 'a\u202e\u009b': 1 });
    const { code, stderr } = await cli('check', '--config', slipway.configFile);
    expect([code, stderr]).toEqual([1, '["a\\u202e\\u009b"]: is unknown\n']);
  } finally {
    await slipway.close();
  }
});
