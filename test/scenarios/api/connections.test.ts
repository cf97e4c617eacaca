import { openTestApp } from '../../support/app.js';
import { manualClock } from '../../support/manual-clock.js';
import { rawClient, requestHead } from '../../support/raw-client.js';
import { connect } from 'node:net';

test('connections beyond the limit are closed, and the log tells of it once a minute', async () => {
  const clock = manualClock();
  const server = await openTestApp({ clock, limits: { connections: 2 } });
  const [first, second] = [await rawClient(server), await rawClient(server)];
  const refuse = async () => {
    const address = server.app.server.address();
    if (typeof address !== 'object' || address === null) throw new Error('not listening');
    const socket = connect(address.port, '127.0.0.1').resume();
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('close', resolve));
  };
  const logged = () => server.log.lines.filter(({ level }) => level === 'warn').map(({ bindings }) => bindings);
  for (let again = 0; again < 5; again += 1) await refuse();
  expect(logged()).toEqual([{ refused: 1, limit: 2 }]);
  clock.advance(60_000);
  await refuse();
  expect(logged()).toEqual([
    { refused: 1, limit: 2 },
    { refused: 5, limit: 2 },
  ]);
  first.leave();
  const count = () => new Promise<number>((resolve) => server.app.server.getConnections((_e, open) => resolve(open)));
  while ((await count()) > 1) await new Promise((resolve) => setImmediate(resolve));
  const third = await rawClient(server);
  await third.send(requestHead('GET /healthz'));
  expect(await third.answer('\r\n\r\n')).toMatch(/^HTTP\/1.1 200 /);
  for (const client of [second, third]) client.leave();
  await server.close();
});

test('by default there is a limit', async () => {
  const server = await openTestApp();
  expect(server.app.server.maxConnections).toBe(2_000);
  await server.close();
});
