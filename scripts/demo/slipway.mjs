/** Slipway as its users reach it: GitHub's webhook, and the API with a token. */
import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { fact } from './fact.mjs';

/** The parts of GitHub's push payload that matter to a receiver. */
function pushPayload({ repository, before, after, message }) {
  const [owner, name] = repository.split('/');
  return {
    ref: 'refs/heads/main',
    before,
    after,
    created: /^0+$/.test(before),
    deleted: false,
    forced: false,
    repository: { name, full_name: repository, default_branch: 'main', owner: { login: owner } },
    pusher: { name: 'dana', email: 'dana@abc.example' },
    sender: { login: 'dana' },
    head_commit: { id: after, message },
    commits: [{ id: after, message }],
  };
}

export function slipwayClient({ url, secret, token, jenkinsToken }) {
  function answer(method, path, { body, as = token, headers = {} } = {}) {
    const json = body !== undefined && !(body instanceof FormData);
    return fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${as}`, ...(json ? { 'content-type': 'application/json' } : {}), ...headers },
      body: json ? JSON.stringify(body) : body,
    });
  }
  async function call(method, path, options) {
    const response = await answer(method, path, options);
    if (response.ok) return response;
    throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  }
  const get = async (path) => (await call('GET', path)).json();
  return {
    get,
    /** Fails unless the answer is a good one; `answer` takes any. */
    call,
    answer,
    /** Sends a push as GitHub does, signed; resolves with the id of the delivery once Slipway has accepted it. */
    async push(push) {
      const body = JSON.stringify(pushPayload(push));
      const delivery = randomUUID();
      const response = await fetch(`${url}/webhooks/github`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-github-event': 'push',
          'x-github-delivery': delivery,
          'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
        },
        body,
      });
      const answer = await response.json();
      fact(response.status === 202, `The webhook was answered ${response.status}: ${JSON.stringify(answer)}`);
      return answer.deliveryId;
    },
    /** The delivery with its decisions, once it is planned. */
    async planned(deliveryId) {
      for (const begin = performance.now(); performance.now() - begin < 60_000; await pause(50)) {
        const delivery = await get(`/api/v1/deliveries/${deliveryId}`);
        if (delivery.status !== 'accepted') return delivery;
      }
      throw new Error(`Delivery ${deliveryId} was not planned within a minute.`);
    },
    /** Hands on the lines of a build's log as they come, and resolves with the build when it has ended. */
    async follow(buildId, onLine) {
      const response = await call('GET', `/api/v1/builds/${buildId}/log?follow=true`);
      let rest = '';
      for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
        const lines = `${rest}${text}`.split('\n');
        rest = lines.pop();
        lines.forEach(onLine);
      }
      if (rest !== '') onLine(rest);
      return get(`/api/v1/builds/${buildId}?wait=60`);
    },
    /** Sends an artifact as Jenkins does: one multipart form. */
    async sendArtifact({ service, commit, name, content }) {
      const body = new FormData();
      for (const [field, value] of Object.entries({ service, branch: 'main', commit })) body.set(field, value);
      body.set('artifact', new Blob([content]), name);
      return call('POST', '/api/v1/builds', { body, as: jenkinsToken, headers: { 'idempotency-key': randomUUID() } });
    },
  };
}
