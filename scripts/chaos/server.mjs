/** Slipway as a child process that is killed and started again, and how GitHub, Jenkins and people reach it. */
import { createHmac, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { end, lastLines, start } from '../demo/processes.mjs';
import { freePort, root } from '../parts.mjs';
import { settings } from './world.mjs';

/** Longest wait for a started server to answer, in milliseconds. */
const START_MS = 120_000;
const CALL_MS = 60_000;

const sign = (body, secret) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

/** An answer with its body read: `{ status, body }`; status 0 if there was none. */
async function ask(url, options = {}) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(CALL_MS), ...options });
    const text = await response.text();
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    return { status: response.status, body: isJson ? JSON.parse(text) : text };
  } catch (error) {
    return { status: 0, body: error.cause?.message ?? error.message };
  }
}

/** The parts of GitHub's push payload that a receiver reads. */
function payloadOf({ repository, branch, before, after }) {
  return JSON.stringify({
    ref: `refs/heads/${branch}`,
    ...{ before, after, deleted: /^0+$/.test(after) },
    repository: { full_name: repository },
    pusher: { name: 'chaos' },
  });
}

/** `kill`, `stop` and `start` act on the process; `write` writes the configuration, which a running server reads by itself. */
export async function createServer({ dir, place }) {
  const [secret, token, port] = [randomUUID(), randomUUID(), await freePort()];
  const [config, dataDir, temporary] = ['slipway.yaml', 'data', 'tmp'].map((name) => join(dir, name));
  mkdirSync(temporary);
  const url = `http://127.0.0.1:${port}`;
  const headers = { authorization: `Bearer ${token}`, connection: 'close' };
  const logs = [];
  let process = null;

  const write = (freeDisk) =>
    writeFileSync(config, settings({ ...place, port, secret, token, dataDir, freeDisk }), { mode: 0o600 });

  async function begin() {
    const log = join(dir, `slipway-${logs.length + 1}.log`);
    logs.push(log);
    const program = [globalThis.process.execPath, join(root, 'dist/cli.js'), 'serve', '--config', config];
    process = start(['env', `TMPDIR=${temporary}`, ...program], log, { outlive: false });
    for (const began = performance.now(); performance.now() - began < START_MS; await pause(100)) {
      if ((await ask(`${url}/healthz`)).status === 200) return;
      if (!process.alive()) break;
    }
    throw new Error(`Slipway did not start. The last lines of ${log}:\n${lastLines(log)}`);
  }

  async function over() {
    while (process?.alive()) await pause(20);
  }

  return {
    ...{ url, dataDir, temporary, logs, write, start: begin },
    alive: () => process?.alive() === true,
    async kill() {
      if (process?.alive()) globalThis.process.kill(process.pid, 'SIGKILL');
      await over();
    },
    async stop() {
      if (process === null) return;
      await end(process.pid, config);
      await over();
    },
    get: (path) => ask(`${url}${path}`, { headers }),
    post(path, body, more = {}) {
      const json = body !== undefined && !(body instanceof FormData);
      const type = json ? { 'content-type': 'application/json' } : {};
      const sent = json ? JSON.stringify(body) : body;
      return ask(`${url}${path}`, { method: 'POST', headers: { ...headers, ...type, ...more }, body: sent });
    },
    webhook(push, id, { forged = false } = {}) {
      const body = payloadOf(push);
      return ask(`${url}/webhooks/github`, {
        method: 'POST',
        body,
        headers: {
          connection: 'close',
          'content-type': 'application/json',
          'x-github-event': 'push',
          'x-github-delivery': id,
          'x-hub-signature-256': sign(body, forged ? 'another secret' : secret),
        },
      });
    },
  };
}

/** Everything of a list of the API, page by page. */
export async function all(server, path, name) {
  const items = [];
  for (let cursor = null; ;) {
    const more = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { status, body } = await server.get(`${path}${path.includes('?') ? '&' : '?'}limit=100${more}`);
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
    items.push(...body[name]);
    cursor = body.nextCursor;
    if (cursor === null) return items;
  }
}
