import { createServer } from 'node:net';
import { fastify } from 'fastify';
import { listenAt } from '../../../src/server/listen-at.js';

test('an address that is taken is said in plain words', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const app = fastify();
  await expect(listenAt(app, { host: '127.0.0.1', port })).rejects.toMatchObject({
    code: 'invalid-configuration',
    message: `server.listen: 127.0.0.1:${port} is in use by another program.`,
  });
  await app.close();
  await new Promise((resolve) => other.close(resolve));
});
