import { connect } from 'node:net';
import { asReader, openTestApp } from '../../support/app.js';

describe('a fault of Slipway itself', () => {
  test('shows no internals, and is logged once with the request', async () => {
    const renderMetrics = async () => {
      throw new Error('secret internals');
    };
    const server = await openTestApp({ renderMetrics });
    const answer = await server.app.inject({ url: '/metrics' });
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toEqual({
      type: 'urn:slipway:problem:internal',
      title: 'A fault of Slipway itself.',
      status: 500,
      detail: expect.not.stringContaining('secret internals'),
      code: 'internal',
      instance: '/metrics',
    });
    const errors = server.log.lines.filter(({ level }) => level === 'error');
    expect(errors).toHaveLength(1);
    expect(errors[0]?.bindings).toMatchObject({
      request: answer.headers['x-request-id'],
      err: expect.objectContaining({ message: 'secret internals' }),
    });
    await server.close();
  });
});

describe('bytes that are no HTTP request', () => {
  test('are answered with a problem', async () => {
    const server = await openTestApp();
    const { port } = new URL(await server.app.listen({ port: 0, host: '127.0.0.1' }));
    const socket = connect(Number(port), '127.0.0.1');
    socket.write('NONSENSE\r\n\r\n');
    let text = '';
    for await (const chunk of socket) text += String(chunk);
    expect(text).toMatch(/^HTTP\/1.1 400 Bad Request\r\nContent-Type: application\/problem\+json/);
    expect(text).toContain('"code":"invalid-request"');
    await server.close();
  });
});

describe('a request', () => {
  test('leaves one line in the log, those of probes only if details are logged', async () => {
    const server = await openTestApp();
    await server.app.inject({ url: '/api/v1/builds?limit=1', headers: asReader });
    await server.app.inject({ url: '/healthz' });
    expect(server.log.lines).toEqual([
      {
        level: 'info',
        message: 'request answered',
        bindings: expect.objectContaining({ method: 'GET', path: '/api/v1/builds', status: 200, by: 'reader' }),
      },
      { level: 'debug', message: 'request answered', bindings: expect.objectContaining({ path: '/healthz' }) },
    ]);
    await server.close();
  });
});
