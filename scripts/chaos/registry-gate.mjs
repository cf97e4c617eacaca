/** Stands between Slipway, its engine and the registry. Writes down what each tag is given, and spoils answers on request. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Agent, createServer, request as send } from 'node:http';

const versionTag = /^(.+)-(\d+)-([0-9a-f]{7,40})(?:-r\d+)?$/;

/** The parts of a version tag, or null if it is another tag. */
export function readVersionTag(tag) {
  const [, version, count, sha] = versionTag.exec(tag) ?? [];
  return version === undefined ? null : { version, count: Number(count), sha };
}

const manifestOf = (request) => {
  const [, name, reference] = /^\/v2\/(.+)\/manifests\/([^/?]+)/.exec(request.url) ?? [];
  return request.method === 'PUT' && name !== undefined ? { name, reference } : null;
};

/**
 * Resolves with `host`, `faults` (a set: the kinds that are on), `spoilt` (answers by kind of fault), `written` (`image:tag` of version tags → digest)
 * and `rewritten`: what must not happen, in words.
 */
export async function startRegistryGate(target, port = 0) {
  const [faults, spoilt, written, rewritten] = [new Set(), {}, new Map(), []];
  const agent = new Agent({ keepAlive: true, timeout: 3_000 });

  function record({ name, reference }, body) {
    if (reference.startsWith('sha256:') || readVersionTag(reference) === null) return;
    const [key, digest] = [`${name}:${reference}`, `sha256:${createHash('sha256').update(body).digest('hex')}`];
    const before = written.get(key);
    if (before !== undefined && before !== digest) rewritten.push(`${key} was ${before} and was written as ${digest}`);
    written.set(key, digest);
  }

  function refuse(request, response, status) {
    spoilt[status] = (spoilt[status] ?? 0) + 1;
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(status === 202 ? '' : '{"errors":[{"code":"UNAVAILABLE","message":"scripted"}]}');
  }

  async function forward(request, response) {
    const manifest = manifestOf(request);
    const fault = [...faults].find((kind) => kind !== 202 || manifest !== null);
    if (fault !== undefined) return refuse(request, response, fault);
    const onward = send(`http://${target}${request.url}`, { method: request.method, headers: request.headers, agent });
    const body = [];
    onward.on('response', (answer) => {
      if (manifest !== null && answer.statusCode === 201) record(manifest, Buffer.concat(body));
      response.writeHead(answer.statusCode, answer.headers);
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    if (manifest !== null) request.on('data', (chunk) => body.push(chunk));
    request.pipe(onward);
  }

  const server = createServer((request, response) => void forward(request, response)).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${server.address().port}`,
    ...{ faults, spoilt, written, rewritten },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      agent.destroy();
    },
  };
}
