import { createEngine } from '../../../src/engine/docker/engine.js';
import { engineContract } from '../../contracts/engine.js';
import { engineHost, makeBase, realClock } from '../../support/engine.js';
import { startEngineProxy } from '../../support/engine-proxy.js';
import { keptLog } from '../../support/kept-log.js';
import { registryUser, startRegistry } from '../../support/registry.js';

const base = 'slipway.test/base:1';

describe.each([
  ['unix', 'sync'],
  ['tcp', 'sync'],
  ['unix', 'archive'],
] as const)('at %s://, with contexts that travel by %s', (kind, transport) => {
  engineContract('Docker Engine', async () => {
    const proxy = await startEngineProxy(engineHost(), kind);
    const registry = await startRegistry(registryUser);
    const { username, password } = registryUser;
    const credentials = { host: registry.host, username, password };
    const log = keptLog();
    const engine = createEngine({ host: proxy.host, tls: null, credentials, transport, clock: realClock, log });
    await makeBase(engine, base);
    return {
      engine,
      base,
      missing: `${registry.host}/nothing:1`,
      registry: registry.host,
      async arrived(name) {
        const [, repository = '', tag = ''] = /^[^/]+\/(.*):([^:]*)$/.exec(name) ?? [];
        const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
        const address = `http://${registry.host}/v2/${repository}/manifests/${tag}`;
        return (await fetch(address, { headers: { authorization, connection: 'close' } })).status === 200;
      },
      goAway: () => proxy.cut(),
      comeBack: () => proxy.restore(),
      async close() {
        await proxy.close();
        await registry.close();
      },
    };
  });
});
