/** Stands between Slipway and the git host, and spoils its answers on request. */
import { once } from 'node:events';
import { createServer } from 'node:http';

const passedOn = ['git-protocol', 'content-type', 'content-encoding', 'accept'];
const isPack = (answer) => answer.includes('packfile\n');

/** Seconds that a 503 asks to be left alone. */
const RETRY_AFTER_S = 3;

function flipped(answer) {
  const changed = Buffer.from(answer);
  changed[Math.floor(changed.length * 0.7)] ^= 0x10;
  return changed;
}

/** Resolves with `url`, `faults` (a set: the kinds that are on) and `spoilt`, which counts the answers by kind of fault. */
export async function startGitGate(target) {
  const faults = new Set();
  const spoilt = {};
  const count = (kind) => (spoilt[kind] = (spoilt[kind] ?? 0) + 1);

  function refuse(response, status) {
    count(status);
    if (status === 401) response.setHeader('www-authenticate', 'Basic realm="git"');
    if (status === 503) response.setHeader('retry-after', String(RETRY_AFTER_S));
    response.writeHead(status).end();
  }

  async function forward(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const [status] = [...faults].filter((kind) => typeof kind === 'number');
    if (status !== undefined) return refuse(response, status);
    const headers = Object.fromEntries(
      passedOn.flatMap((name) => (request.headers[name] ? [[name, request.headers[name]]] : [])),
    );
    const body = chunks.length > 0 ? Buffer.concat(chunks) : undefined;
    const answer = await fetch(`${target}${request.url}`, { method: request.method, headers, body });
    const bytes = Buffer.from(await answer.arrayBuffer());
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
    if (faults.has('flip') && isPack(bytes)) {
      count('flip');
      return response.end(flipped(bytes));
    }
    if (!faults.has('cut')) return response.end(bytes);
    count('cut');
    response.write(bytes.subarray(0, bytes.length / 2));
    return setImmediate(() => response.destroy());
  }

  const server = createServer((request, response) => {
    forward(request, response).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    ...{ faults, spoilt },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
