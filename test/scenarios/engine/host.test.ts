import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { freePort } from '../../../scripts/parts.mjs';
import { connectEngine } from '../../../src/docker/connection.js';
import { Secret } from '../../../src/secret.js';
import { hostContract } from '../../contracts/host.js';
import { engineHost } from '../../support/engine.js';
import { startEngineProxy } from '../../support/engine-proxy.js';
import { hostAt } from '../../support/host-engines.js';
import { publishImage } from '../../support/published-image.js';

describe.each(['unix', 'tcp'] as const)('at %s://', (kind) => {
  hostContract('Docker Engine', async () => {
    const image = await publishImage();
    const proxy = await startEngineProxy(engineHost(), kind);
    const others: Server[] = [];
    const nothing = `sha256:${'0'.repeat(64)}`;
    return {
      host: hostAt(proxy.host),
      image: image.reference,
      credentials: image.credentials,
      wrongCredentials: { ...image.credentials, password: new Secret('wrong') },
      missing: `${image.registry.host}/contract/web@${nothing}`,
      unreachable: `127.0.0.1:${await freePort()}/contract/web@${nothing}`,
      ports: [await freePort(), await freePort()],
      async occupy(port) {
        const server = createServer().listen(port, '127.0.0.1');
        others.push(server);
        await once(server, 'listening');
      },
      goAway: () => proxy.cut(),
      comeBack: () => proxy.restore(),
      async close() {
        for (const server of others) server.close();
        const path = `/volumes/slipway-contract-${process.pid}`;
        (await connectEngine(engineHost(), null).send({ method: 'DELETE', path })).body.resume();
        await image.remove();
        await proxy.close();
      },
    };
  });
});
