/** Hosts whose engine answers as a script says: slowly, too much, halfway, or not what was asked. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Host } from '../../../src/hosts/contract.js';
import { createHost } from '../../../src/hosts/docker/host.js';
import { Secret } from '../../../src/secret.js';
import { until } from '../../support/api-client.js';
import { never, realClock } from '../../support/engine.js';
import { failureOf } from '../../support/failure-of.js';
import { keptLog } from '../../support/kept-log.js';
import { manualClock, type ManualClock } from '../../support/manual-clock.js';
import { plainParameters } from '../../support/random-parameters.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const reference = `r.test/web@sha256:${'a'.repeat(64)}`;
let folder: string;
let server: Server;
let handle: Handler;
let asked: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-host-'));
  asked = [];
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url?.split('?')[0]}`);
    handle(request, response);
  }).listen(join(folder, 's'));
  await once(server, 'listening');
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const open = (clock = realClock): Host =>
  createHost({
    name: 'b',
    engine: `unix://${folder}/s`,
    tls: null,
    tunnels: folder,
    sshConfig: null,
    clock,
    log: keptLog(),
  });

const json = (response: ServerResponse, status: number, value: unknown): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));

const newContainer = {
  name: 'web.test.1',
  image: reference,
  labels: { 'dev.slipway.deployment': '1' },
  parameters: plainParameters,
  publish: null,
  restart: { name: 'no', maxRetries: 0 },
  takeOver: [],
} as const;

test('a question that hangs ends at its deadline', async () => {
  const clock = manualClock();
  handle = () => undefined;
  const failing = failureOf(open(clock).ping());
  await until('the engine is asked', async () => asked.length > 0);
  clock.advance(5000);
  const failure = await failing;
  expect(failure).toMatchObject({ code: 'host-unreachable' });
  expect(failure?.message).toContain('within 5 seconds');
});

test('a pull that says nothing for five minutes is given up, and may succeed later', async () => {
  const clock = manualClock();
  handle = (_request, response) => void response.writeHead(200).write('{"status":"Pulling"}\n');
  const failing = failureOf(open(clock).images.pull(reference, null, never));
  await until('the pull is read', async () => clock.sleeping.includes(300_000));
  clock.advance(300_000);
  expect(await failing).toMatchObject({ code: 'image-pull-failed', retryable: true });
});

test('a fault behind a status of 200 is one', async () => {
  handle = (_request, response) =>
    void response.end(
      '{"status":"Pulling"}\n{"errorDetail":{"message":"manifest unknown"},"error":"manifest unknown"}\n',
    );
  expect(await failureOf(open().images.pull(reference, null, never))).toMatchObject({ code: 'registry-refused' });
});

test('a pull that breaks off is not a success', async () => {
  handle = (_request, response) => {
    response.writeHead(200).write('{"status":"Pulling"}\n');
    setImmediate(() => response.destroy());
  };
  expect(await failureOf(open().images.pull(reference, null, never))).toMatchObject({ code: 'host-unreachable' });
});

test('credentials are sent for their own registry alone', async () => {
  const sent: unknown[] = [];
  handle = ({ headers }, response) => {
    sent.push(JSON.parse(Buffer.from(String(headers['x-registry-auth']), 'base64').toString()));
    response.end();
  };
  const login = (host: string) => ({ host, username: 'deploy', password: new Secret('s3') });
  await open().images.pull(reference, login('r.test'), never);
  await open().images.pull(reference, login('other.test'), never);
  expect(sent).toEqual([{ username: 'deploy', password: 's3', serveraddress: 'r.test' }, {}]);
});

test('a list that is too long, or is not one, is an error of the engine', async () => {
  handle = (_request, response) =>
    json(
      response,
      200,
      Array.from({ length: 200_000 }, () => 1),
    );
  expect(await failureOf(open().containers.list())).toMatchObject({ code: 'engine-error', extra: { host: 'b' } });
  handle = (_request, response) => void response.end('<html>');
  expect(await failureOf(open().containers.list())).toMatchObject({ code: 'engine-error' });
});

test('a container that was created although the answer broke off is found', async () => {
  let body: unknown;
  handle = (request, response) => {
    if (request.method !== 'POST') return json(response, 200, { Id: 'c1', Config: { Labels: newContainer.labels } });
    if (asked.length > 1) return json(response, 409, { message: 'Conflict.' });
    void text(request).then((sent) => {
      body = JSON.parse(sent);
      response.destroy();
    });
  };
  const host = open();
  expect(await failureOf(host.containers.create(newContainer))).toMatchObject({ code: 'host-unreachable' });
  expect(body).toMatchObject({ Image: reference, HostConfig: { Init: true } });
  expect(await host.containers.create(newContainer)).toEqual({ id: 'c1', warnings: [] });
});

test('a start that answers 404 for something else is not a container that is gone', async () => {
  handle = ({ method }, response) =>
    method === 'POST' ? json(response, 404, { message: 'network x not found' }) : json(response, 200, { Id: 'c1' });
  expect(await failureOf(open().controls.start('c1'))).toMatchObject({ code: 'container-start-failed' });
});

test('a name that would ask for something else is never sent', async () => {
  handle = (_request, response) => json(response, 200, {});
  const { containers, controls, volumes, events } = open();
  expect(await containers.inspect('../info')).toBeNull();
  expect(await controls.start('a/b')).toBe(false);
  expect(await controls.stop('a?b', 0)).toBe(false);
  expect(await volumes.exists('..')).toBe(false);
  const log = events.logs('a/../b', { tail: 1, follow: false }, never)[Symbol.asyncIterator]();
  expect((await log.next()).done).toBe(true);
  expect(await failureOf(containers.create({ ...newContainer, name: 'a b' }))).toMatchObject({ code: 'internal' });
  expect(asked).toEqual([]);
});

test('a log that is followed ends with its container, although the engine keeps it open', async () => {
  const clock = manualClock();
  let status = 'running';
  handle = ({ url = '' }, response) => {
    if (url.includes('/logs')) response.writeHead(200).flushHeaders();
    else json(response, 200, { Id: 'c1', Config: {}, State: { Status: status } });
  };
  const lines = open(clock).events.logs('c1', { tail: 1, follow: true }, never)[Symbol.asyncIterator]();
  let done = false;
  const ending = lines.next().then(() => (done = true));
  const waiting = () => until('the log is waited for', async () => clock.sleeping.includes(10_000));
  for (let silences = 0; silences < 3; silences += 1) {
    await waiting();
    clock.advance(10_000);
  }
  await waiting();
  expect(done).toBe(false);
  status = 'exited';
  await until('the log ends', async () => {
    if (clock.sleeping.includes(10_000)) clock.advance(10_000);
    return done;
  });
  await ending;
});

/** Follows a log that the engine keeps open. `come`: the lines so far. `silence`: lets a silence pass. */
function followed(clock: ManualClock) {
  const come: string[] = [];
  const reading = (async () => {
    for await (const { text: line } of open(clock).events.logs('c1', { tail: 1, follow: true }, never)) come.push(line);
  })();
  const silence = async () => {
    await until('the log is waited for', async () => clock.sleeping.includes(10_000));
    clock.advance(10_000);
  };
  return { come, reading, silence };
}

const looks = (): number => asked.filter((one) => one.endsWith('/json')).length;

const logLine = (words: string): Buffer => {
  const body = Buffer.from(`2026-01-02T03:04:05Z ${words}\n`);
  const header = Buffer.alloc(8);
  header[0] = 1;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
};

test('the last lines of a container have time to arrive after its end was seen', async () => {
  const clock = manualClock();
  const log: ServerResponse[] = [];
  handle = ({ url = '' }, response) => {
    if (!url.includes('/logs')) return json(response, 200, { Id: 'c1', Config: {}, State: { Status: 'exited' } });
    response.writeHead(200).flushHeaders();
    log.push(response);
  };
  const { come, reading, silence } = followed(clock);
  await silence();
  await until('its end is seen', async () => looks() === 2 && clock.sleeping.includes(10_000));
  log[0]?.write(logLine('late'));
  await until('the line is there', async () => come.length === 1);
  await silence();
  await until('its end is seen again', async () => looks() === 3);
  await silence();
  await reading;
  expect(come).toEqual(['late']);
});

test('a log that is followed ends with a container that was removed', async () => {
  const clock = manualClock();
  let isThere = true;
  handle = ({ url = '' }, response) => {
    if (url.includes('/logs')) response.writeHead(200).flushHeaders();
    else if (isThere) json(response, 200, { Id: 'c1', Config: {}, State: { Status: 'running' } });
    else json(response, 404, { message: 'No such container: c1' });
  };
  const { come, reading, silence } = followed(clock);
  await silence();
  await until('it is looked at again', async () => looks() === 2);
  isThere = false;
  await silence();
  await silence();
  await reading;
  expect(come).toEqual([]);
});

test('events that the engine ends are not the end of what happens', async () => {
  handle = (_request, response) =>
    void response.end('{"Type":"network","Action":"create"}\n{"Type":"container","Action":"exec_create: sh"}\n');
  const events = open().events.follow(null, never)[Symbol.asyncIterator]();
  expect(await failureOf(events.next())).toMatchObject({ code: 'host-unreachable' });
});
