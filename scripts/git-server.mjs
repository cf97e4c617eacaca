/**
 * A small git host for the demo, the tests and the benchmarks: serves the bare repositories below a folder over smart HTTP
 * (https://git-scm.com/docs/http-protocol) with git's own server programs, as git hosts do, and can play dead on request. Not meant for
 * anything that strangers can reach.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Agent, createServer, request as sendRequest } from 'node:http';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';

/** What repositories are served with, whatever their own configuration says; `safe.directory` is for folders of another owner. */
const serverConfig = {
  'uploadpack.allowFilter': 'true',
  'uploadpack.allowAnySHA1InWant': 'true',
  'receive.denyDeleteCurrent': 'ignore',
  'safe.directory': '*',
};

const environment = {
  PATH: process.env.PATH,
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_COUNT: String(Object.keys(serverConfig).length),
  ...Object.fromEntries(
    Object.entries(serverConfig).flatMap(([key, value], index) => [
      [`GIT_CONFIG_KEY_${index}`, key],
      [`GIT_CONFIG_VALUE_${index}`, value],
    ]),
  ),
};

/** The folder and the program that a request is for, and whether it asks for the references alone; null if there is no such thing. */
function understand(request, root) {
  const url = new URL(request.url, 'http://git.invalid');
  const [, name, rest] = /^\/(.+)\/(info\/refs|git-(?:upload|receive)-pack)$/.exec(url.pathname) ?? [];
  if (name === undefined || name.split('/').includes('..') || !existsSync(join(root, name, 'HEAD'))) return null;
  const advertises = rest === 'info/refs';
  const service = advertises ? url.searchParams.get('service') : rest;
  const isKnown = service === 'git-upload-pack' || service === 'git-receive-pack';
  return isKnown && request.method === (advertises ? 'GET' : 'POST')
    ? { dir: join(root, name), service, advertises }
    : null;
}

/** What goes before the references, except in version 2 of the protocol. */
const announcement = (service) => {
  const line = `# service=${service}\n`;
  return `${(line.length + 4).toString(16).padStart(4, '0')}${line}0000`;
};

function serve(request, response, root) {
  const asked = understand(request, root);
  if (asked === null) return response.writeHead(404).end();
  const { dir, service, advertises } = asked;
  const protocol = request.headers['git-protocol'] ?? '';
  const child = spawn(
    'git',
    [service.slice('git-'.length), '--stateless-rpc', ...(advertises ? ['--advertise-refs'] : []), dir],
    { env: { ...environment, GIT_PROTOCOL: protocol }, stdio: ['pipe', 'pipe', 'ignore'] },
  );
  child.on('error', () => response.destroy());
  child.stdin.on('error', () => {});
  const isPacked = request.headers['content-encoding'] === 'gzip';
  const body = isPacked ? request.pipe(createGunzip()).on('error', () => child.kill()) : request;
  body.pipe(child.stdin);
  response.on('close', () => child.kill());
  response.setHeader('content-type', `application/x-${service}-${advertises ? 'advertisement' : 'result'}`);
  response.setHeader('cache-control', 'no-cache');
  if (advertises && !protocol.includes('version=2')) response.write(announcement(service));
  return child.stdout.pipe(response);
}

// The other server closes a connection that is idle for five seconds; one that is closed here before is never used again just as it does so.
// However long a request waits, an agent's time limit closes idle connections alone.
const kept = new Agent({ keepAlive: true, timeout: 3_000 });

/** Lets another server answer. */
function forward(request, response, base) {
  const { method, headers } = request;
  const onward = sendRequest(`${base}${request.url}`, { method, headers, agent: kept });
  onward.on('response', (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}

const permitted = (request, username, password) =>
  username === undefined ||
  request.headers.authorization === `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;

/** How each scripted outage answers. `refuse` drops the connection without a word; `hang` never answers. */
const outages = {
  refuse: (_request, response) => response.socket.destroy(),
  hang: () => {},
};

function answerOutage(mode, request, response) {
  if (typeof mode === 'number') response.writeHead(mode).end();
  else outages[mode](request, response);
}

/**
 * Serves the bare repositories below `root` (`root/abc/app.git` is `url/abc/app.git`), on a free port where `port` is 0.
 * With `username`, every request needs basic authentication; without, anybody may push. `fail(mode)` scripts an outage: a
 * number is an HTTP status, `hang` never answers, `refuse` drops the connection, null ends it. `wait` has what is asked from now on answered
 * when the promise resolves. `requests` lists what was asked, oldest first. With `behind`, the address at which another such server has these repositories, that one starts git's programs.
 */
export async function startGitServer({ root, port = 0, host = '127.0.0.1', username, password, behind }) {
  let outage = null;
  let waitFor = null;
  const requests = [];
  const server = createServer(async (request, response) => {
    requests.push({ method: request.method, url: request.url, authorization: request.headers.authorization ?? null });
    await waitFor;
    if (outage !== null) return answerOutage(outage, request, response);
    if (!permitted(request, username, password)) {
      return response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    }
    return behind === undefined ? serve(request, response, root) : forward(request, response, behind);
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    url: `http://${host}:${server.address().port}`,
    root,
    requests,
    fail(mode) {
      outage = mode;
    },
    wait(until) {
      waitFor = until;
    },
    close() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
