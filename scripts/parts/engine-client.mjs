/** The few calls of the Docker Engine API (https://docs.docker.com/engine/api/) that the commands need, without npm packages. */
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Where DOCKER_HOST points, as options of node:http; the variables are those of the docker command. */
function connection(dockerHost, env) {
  const url = new URL(dockerHost);
  if (url.protocol === 'unix:') return { send: httpRequest, options: { socketPath: url.pathname } };
  if (url.protocol !== 'tcp:' && url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new Error(`DOCKER_HOST=${dockerHost}: only unix:// and tcp:// are understood here.`);
  }
  const options = { host: url.hostname, port: url.port || (url.protocol === 'https:' ? 2376 : 2375) };
  if (url.protocol !== 'https:' && !env.DOCKER_TLS_VERIFY) return { send: httpRequest, options };
  const folder = env.DOCKER_CERT_PATH ?? join(env.HOME ?? '', '.docker');
  const file = (name) => readFileSync(join(folder, name));
  return {
    send: httpsRequest,
    options: { ...options, ca: file('ca.pem'), cert: file('cert.pem'), key: file('key.pem') },
  };
}

function readAll(stream) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => resolve(Buffer.concat(chunks)));
    stream.on('error', reject);
  });
}

/** An answer of the engine that says no; `status` is its HTTP status. */
export class EngineAnswerError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

function failure(method, path, status, body) {
  let message = body.toString('utf8').trim();
  try {
    message = JSON.parse(message).message;
  } catch {
    // Not every proxy in front of an engine speaks JSON: its words do as they are.
  }
  return new EngineAnswerError(status, `${method} ${path}: ${message} (${status})`);
}

/**
 * A client of the engine at `dockerHost`. `send` resolves with the body as a Buffer and fails with an EngineAnswerError for a
 * status of 400 and more; `json` parses it. A body is a Buffer or a stream. `timeout` is in milliseconds without any byte.
 */
export function engineClient(dockerHost, env = process.env) {
  const { send: open, options } = connection(dockerHost, env);
  function send(method, path, { body, type = 'application/json', headers: more = {}, timeout = 120_000 } = {}) {
    return new Promise((resolve, reject) => {
      const headers = { ...more, ...(body === undefined ? {} : { 'content-type': type }) };
      if (Buffer.isBuffer(body)) headers['content-length'] = body.length;
      const request = open({ ...options, method, path, headers, timeout }, (response) => {
        readAll(response).then((content) => {
          if (response.statusCode < 400) resolve(content);
          else reject(failure(method, path, response.statusCode, content));
        }, reject);
      });
      request.on('timeout', () => request.destroy(new Error(`${method} ${path}: no answer within ${timeout} ms`)));
      request.on('error', reject);
      if (body === undefined || Buffer.isBuffer(body)) request.end(body);
      else pipeline(body, request).catch(reject);
    });
  }
  return {
    dockerHost,
    send,
    async json(method, path, value) {
      const body = value === undefined ? undefined : Buffer.from(JSON.stringify(value));
      const content = await send(method, path, { body });
      return content.length === 0 ? null : JSON.parse(content.toString('utf8'));
    },
    /** Resolves with the error, or null if the engine answers. */
    async trouble() {
      try {
        await send('GET', '/_ping', { timeout: 5000 });
        return null;
      } catch (error) {
        return error;
      }
    },
  };
}
