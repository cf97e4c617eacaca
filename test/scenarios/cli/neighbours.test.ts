/** Every command that asks a server, beside one that is away, refuses, is of another version, or is something else. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { version } from '../../../src/version.js';
import { commandLine } from '../../support/command-line.js';

const commands: Readonly<Record<string, readonly string[]>> = {
  services: ['services'],
  builds: ['builds'],
  build: ['build', 'b1'],
  cancel: ['cancel', 'b1'],
  retry: ['retry', 'b1'],
  logs: ['logs', 'shop'],
  rebuild: ['rebuild', 'shop'],
  why: ['why', 'shop'],
  where: ['where', 'shop', 'abcdef1'],
  deliveries: ['deliveries'],
  replay: ['replay', 'd1'],
  environments: ['environments'],
  containers: ['containers', 'production'],
  deploy: ['deploy', 'shop', 'production', '--branch', 'main'],
  rollback: ['rollback', 'shop', 'production'],
  plan: ['plan', '--repository', 'abc/app', '--branch', 'main'],
  graph: ['graph'],
  doctor: ['doctor'],
  compose: ['compose', 'shop', '--environment', 'production'],
};
const each = Object.entries(commands);

let answering: (path: string) => { status: number; body: string };
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer(({ url: path = '' }, response) => {
    const { status, body } = answering(path);
    response.writeHead(status, { 'content-type': body.startsWith('{') ? 'application/json' : 'text/html' }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const problem = (status: number, code: string, detail: string) => ({ status, body: JSON.stringify({ code, detail }) });
const alive = (its: string) => ({ status: 200, body: JSON.stringify({ status: 'ok', version: its }) });
const run = (words: readonly string[], address = url) =>
  commandLine(words, { env: { SLIPWAY_URL: address, SLIPWAY_TOKEN: 'token' } });

test.each(each)('%s says that the server is away', async (_, words) => {
  const closed = 'http://127.0.0.1:65533';
  const message = `slipway: ${closed} cannot be reached: ECONNREFUSED.\n`;
  expect(await run(words, closed)).toEqual({ code: 4, stdout: '', stderr: message });
});

test.each(each)('%s says that the token is not good for it', async (_, words) => {
  answering = () => problem(401, 'unauthorized', 'No such token.');
  expect(await run(words)).toEqual({ code: 3, stdout: '', stderr: `slipway: ${url}: No such token.\n` });
  answering = () => problem(403, 'forbidden', 'The token may only read.');
  expect(await run(words)).toEqual({ code: 3, stdout: '', stderr: `slipway: ${url}: The token may only read.\n` });
});

test.each(each)('%s says why the server refuses', async (_, words) => {
  answering = () => problem(409, 'in-the-way', 'Something is in the way.');
  const refused = { code: 1, stdout: '', stderr: 'slipway: in-the-way: Something is in the way.\n' };
  expect(await run(words)).toEqual(refused);
  answering = () => problem(503, 'store-unavailable', 'The database does not answer.');
  const message = 'slipway: store-unavailable: The database does not answer.\n';
  expect(await run(words)).toEqual({ code: 4, stdout: '', stderr: message });
});

test.each(each)('%s says that the server is of another version, or is something else', async (_, words) => {
  const missing = problem(404, 'not-found', 'There is no such route.');
  answering = (path) => (path === '/healthz' ? alive('99.1.0') : missing);
  const other = `slipway: ${url} is Slipway 99.1.0, and this is the command line of ${version}: It answers 404. Take the same version.\n`;
  expect(await run(words)).toEqual({ code: 1, stdout: '', stderr: other });
  answering = () => ({ status: 404, body: '<h1>Welcome</h1>' });
  const none = `slipway: ${url} is no Slipway server: It answers 404.\n`;
  expect(await run(words)).toEqual({ code: 4, stdout: '', stderr: none });
  answering = () => ({ status: 200, body: '<h1>Welcome</h1>' });
  const page = await run(words);
  expect(page).toMatchObject({ code: 4, stdout: '' });
  expect(page.stderr).toContain(`${url} is no Slipway server`);
});

test('who names no server, and no address of one, hears how', async () => {
  const nobody = await commandLine(['services']);
  expect(nobody).toEqual({
    code: 2,
    stdout: '',
    stderr: 'slipway: No server is named: use --server, SLIPWAY_URL, or log in.\n',
  });
  const wrong = await commandLine(['services', '--server', 'ftp://somewhere']);
  expect(wrong).toMatchObject({ code: 2, stderr: 'slipway: "ftp://somewhere" is no address of a server.\n' });
});
