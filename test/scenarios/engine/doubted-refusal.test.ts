/** A registry that answers an engine's first question with an error, and the next ones as ever. */
import { once } from 'node:events';
import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Engine } from '../../../src/engine/contract.js';
import { createEngine } from '../../../src/engine/docker/engine.js';
import { buildRequest, engineHost, eventLog, makeBase, never, realClock } from '../../support/engine.js';
import { failureOf } from '../../support/failure-of.js';
import { keptLog } from '../../support/kept-log.js';
import { registryUser, startRegistry, type RunningRegistry } from '../../support/registry.js';

const base = 'slipway.test/base:1';

/** Passes everything on to the registry, but for as many questions for `/v2/` as `failures` says. */
async function startGate(target: string) {
  const state = { failures: 0, failed: 0 };
  const forward = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url === '/v2/' && state.failures > 0) {
      state.failures -= 1;
      state.failed += 1;
      response.writeHead(503).end();
      return;
    }
    const onward = send(`http://${target}${request.url ?? '/'}`, { method: request.method, headers: request.headers });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  };
  const server = createServer(forward).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    state,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

let registry: RunningRegistry;
let gate: Awaited<ReturnType<typeof startGate>>;
let engine: Engine;
let tag: string;

const open = (password: string): Engine =>
  createEngine({
    host: engineHost(),
    tls: null,
    credentials: { host: gate.host, username: registryUser.username, password },
    clock: realClock,
    log: keptLog(),
  });

beforeAll(async () => {
  registry = await startRegistry(registryUser);
  gate = await startGate(registry.host);
  engine = open(registryUser.password);
  tag = `${gate.host}/doubted:1`;
  await makeBase(engine, base);
  const files = { Dockerfile: `FROM ${base}\nLABEL made=${Date.now()}` };
  await engine.builder.build(buildRequest(files, { tag }), eventLog().take, never);
}, 60_000);

afterAll(async () => {
  await engine?.images.remove(tag);
  gate?.close();
  await registry?.close();
});

beforeEach(() => {
  gate.state.failed = 0;
  gate.state.failures = 1;
});

test('a push whose credentials were not asked for is made again with them', async () => {
  await engine.images.push(tag, () => undefined, never);
  expect(gate.state).toEqual({ failures: 0, failed: 1 });
});

test('so is a pull', async () => {
  await engine.images.remove(tag);
  await engine.images.pull(tag, never);
  expect(gate.state).toEqual({ failures: 0, failed: 1 });
  expect(await engine.images.find(tag)).not.toBeNull();
});

test('credentials that are wrong stay refused', async () => {
  const failure = await failureOf(open('guessed').images.push(tag, () => undefined, never));
  expect(failure).toMatchObject({ code: 'registry-unauthorized', retryable: false });
});

test('an abort ends the doubt', async () => {
  const stop = new AbortController();
  const reason = new Error('enough');
  const pushing = failureOf(open('guessed').images.push(tag, () => undefined, stop.signal));
  setTimeout(() => stop.abort(reason), 500);
  expect(await pushing).toBe(reason);
});
