/**
 * A small git host for the demo and the tests: serves the bare repositories below a folder over smart HTTP through
 * `git http-backend`, and can play dead on request. Not meant for anything that strangers can reach.
 */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

/** What repositories are served with, whatever their own configuration says; `safe.directory` is for folders of another owner. */
const serverConfig = {
  'http.receivepack': 'true',
  'uploadpack.allowFilter': 'true',
  'uploadpack.allowAnySHA1InWant': 'true',
  'receive.denyDeleteCurrent': 'ignore',
  'safe.directory': '*',
};

const backendConfig = Object.fromEntries(
  Object.entries(serverConfig).flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]),
);

/** The variables of RFC 3875 that `git http-backend` reads. */
function cgiEnvironment(request, root, user) {
  const url = new URL(request.url, 'http://git.invalid');
  const optional = {
    CONTENT_LENGTH: request.headers['content-length'],
    HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
    GIT_PROTOCOL: request.headers['git-protocol'],
  };
  return {
    PATH: process.env.PATH,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_COUNT: String(Object.keys(serverConfig).length),
    ...backendConfig,
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: decodeURIComponent(url.pathname),
    QUERY_STRING: url.search.slice(1),
    REQUEST_METHOD: request.method,
    CONTENT_TYPE: request.headers['content-type'] ?? '',
    REMOTE_USER: user,
    REMOTE_ADDR: '127.0.0.1',
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}

/** Hands the CGI answer on: header lines, an empty line, then the body as it comes. */
function relay(child, response) {
  let head = Buffer.alloc(0);
  const onHead = (chunk) => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    child.stdout.off('data', onHead);
    let status = 200;
    for (const line of head.subarray(0, end).toString('latin1').split('\r\n')) {
      const [name, ...rest] = line.split(': ');
      if (name.toLowerCase() === 'status') status = Number.parseInt(rest.join(': '), 10);
      else response.setHeader(name, rest.join(': '));
    }
    response.writeHead(status);
    response.write(head.subarray(end + 4));
    child.stdout.pipe(response);
  };
  child.stdout.on('data', onHead);
  child.on('close', () => {
    if (!response.headersSent) response.writeHead(500);
    response.end();
  });
}

function runBackend(request, response, root, user) {
  const child = spawn('git', ['http-backend'], {
    env: cgiEnvironment(request, root, user),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.on('error', () => response.writeHead(500).end());
  child.stdin.on('error', () => {});
  request.pipe(child.stdin);
  response.on('close', () => child.kill());
  relay(child, response);
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
 * number is an HTTP status, `hang` never answers, `refuse` drops the connection, null ends it. `requests` lists what was
 * asked, oldest first.
 */
export async function startGitServer({ root, port = 0, host = '127.0.0.1', username, password }) {
  let outage = null;
  const requests = [];
  const server = createServer((request, response) => {
    requests.push({ method: request.method, url: request.url, authorization: request.headers.authorization ?? null });
    if (outage !== null) return answerOutage(outage, request, response);
    if (!permitted(request, username, password)) {
      return response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    }
    return runBackend(request, response, root, username ?? 'anonymous');
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
    close() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
