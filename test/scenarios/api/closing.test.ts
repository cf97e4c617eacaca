import { connect } from 'node:net';
import { openTestApp, signature, tokens } from '../../support/app.js';

test.each([
  ['says nothing', ''],
  ['stalls within its headers', 'POST /webhooks/github HTTP/1.1\r\nhost: x\r\n'],
  [
    'stalls within a webhook',
    `POST /webhooks/github HTTP/1.1\r\nhost: x\r\nx-hub-signature-256: ${signature('{}')}\r\ncontent-length: 9\r\n\r\n{`,
  ],
  ['stalls within a body that was refused', 'POST /webhooks/github HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{'],
  [
    'stalls within an upload',
    `POST /api/v1/builds HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${tokens.build}\r\n` +
      'content-type: multipart/form-data; boundary=x\r\ncontent-length: 99\r\n\r\n--x\r\n',
  ],
])('a connection that %s does not keep the server from closing', async (_name, sent) => {
  const server = await openTestApp();
  const { port } = new URL(await server.app.listen({ port: 0, host: '127.0.0.1' }));
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => undefined).resume();
  const connected = new Promise((resolve) => server.app.server.once('connection', resolve));
  const cut = new Promise((resolve) => socket.once('close', resolve));
  socket.write(sent);
  await connected;
  await server.close();
  await cut;
});

test('a call under way is answered before the server closes', async () => {
  const server = await openTestApp();
  const base = await server.app.listen({ port: 0, host: '127.0.0.1' });
  const asked = new Promise((resolve) => server.app.server.once('request', resolve));
  const answer = fetch(`${base}/healthz`);
  await asked;
  await server.close();
  expect((await answer).status).toBe(200);
});
