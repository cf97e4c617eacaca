/** Lets the events of a plan happen, and keeps account of what was done and answered. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { usualFreeDisk } from './stage.mjs';
import { artifactOf, services } from './world.mjs';

/** More than any disk has. */
const impossibleFreeDisk = '8000TiB';
/** Pause before Jenkins calls again that got no answer, in milliseconds. */
const JENKINS_PAUSE_MS = 2_000;
/** How long a fault that met no answer in its time goes on, in milliseconds. */
const MEETING_MS = 30_000;
/** How long Jenkins goes on calling, in milliseconds. */
const JENKINS_PATIENCE_MS = 300_000;
/** Answers after which Jenkins calls again: none, or that something is away. */
const mayPass = (status) => status === 0 || status === 429 || status >= 500;

/** What was done: `counts` by kind, and what the checks need to know. */
export const openAccount = () => ({
  counts: {},
  /** Ids of deliveries that were answered with 202 → push. */
  accepted: new Map(),
  /** Builds whose cancellation was accepted. */
  canceled: new Set(),
  /** Commits that Jenkins has brought an artifact for. */
  artifacts: new Set(),
  /** Answers that should not have been. */
  wrong: [],
  /** `repository branch` of branches that were deleted at some time. */
  deleted: new Set(),
  /** Deliveries that were set aside and asked for again. */
  replayed: new Set(),
  artifactCalls: 0,
  kills: 0,
  count(what, more = 1) {
    this.counts[what] = (this.counts[what] ?? 0) + more;
  },
});

/** Performs events. What takes longer than its event goes on beside the next ones; `settled` waits for it. */
export function createRunner({ stage, account, say }) {
  const { server, repositories, gitGate, registryGate, registry } = stage;
  const open = new Set();
  const busy = new Set();

  function beside(work) {
    const done = work()
      .catch((error) => account.wrong.push(`the harness: ${error.stack}`))
      .finally(() => open.delete(done));
    open.add(done);
  }

  /** Two of a kind at once would end each other. */
  function once(kind, work) {
    if (busy.has(kind)) return account.count(`${kind}, not twice at once`);
    busy.add(kind);
    account.count(kind);
    return beside(() => work().finally(() => busy.delete(kind)));
  }

  async function tell(push, id, options) {
    const { status, body } = await server.webhook(push, id, options);
    account.count(`webhook answered ${status || 'not at all'}`);
    const expected = options?.forged ? [0, 401] : [0, 200, 202, 503];
    if (!expected.includes(status)) account.wrong.push(`webhook ${id}: ${status} ${JSON.stringify(body)}`);
    if (status === 202) account.accepted.set(id, push);
  }

  async function hear(push, hearing, late) {
    const id = randomUUID();
    account.count(`webhook ${hearing}`);
    if (hearing === 'lost') return;
    if (hearing === 'forged') return tell(push, id, { forged: true });
    if (hearing === 'late') await pause(late);
    await tell(push, id);
    if (hearing === 'twice') await tell(push, id);
  }

  const isGone = (status) => [404, 409, 422].includes(status);

  async function call(what, path, body) {
    const { status, body: answer } = await server.post(path, body);
    account.count(`${what} answered ${status || 'not at all'}`);
    if (status < 300 || mayPass(status) || isGone(status)) return { status, answer };
    account.wrong.push(`${what} ${path}: ${status} ${JSON.stringify(answer)}`);
    return { status, answer };
  }

  async function bringArtifact({ branch, back }) {
    const java = repositories['abc/java'];
    const tip = java.heads.get(branch);
    if (tip === undefined) return account.count('artifact for no branch');
    const commit = await java.behind(tip, back);
    const key = randomUUID();
    account.artifactCalls += 1;
    for (
      const began = performance.now();
      performance.now() - began < JENKINS_PATIENCE_MS;
      await pause(JENKINS_PAUSE_MS)
    ) {
      const form = new FormData();
      for (const [name, value] of Object.entries({ service: 'java', branch, commit })) form.set(name, value);
      form.set('artifact', new Blob([artifactOf(commit)]), 'app.jar');
      const { status, body } = await server.post('/api/v1/builds', form, { 'idempotency-key': key });
      account.count(`artifact answered ${status || 'not at all'}`);
      if (status === 202) return account.artifacts.add(commit);
      if (isGone(status)) return account.count('artifact of a commit that is gone');
      if (!mayPass(status)) return account.wrong.push(`artifact: ${status} ${JSON.stringify(body)}`);
    }
    return account.wrong.push(`Jenkins could not bring the artifact of ${commit}`);
  }

  async function cancelOne({ which }) {
    const { status, body } = await server.get('/api/v1/builds?limit=100');
    if (status !== 200) return;
    const found = body.builds.filter((build) => build.status === 'queued' || build.status === 'running');
    if (found.length === 0) return account.count('cancel of nothing');
    const { id } = found[which % found.length];
    // Also where the answer is lost: it may have been heard.
    const answer = await call('cancel', `/api/v1/builds/${id}/cancel`);
    if (answer.status !== 409) account.canceled.add(id);
  }

  async function kill({ away }) {
    account.kills += 1;
    await server.kill();
    await pause(away);
    await server.start();
  }

  /** A fault lasts until its time is over and it has met an answer, or for long enough to have met one. */
  async function withFault({ faults, spoilt }, fault, away) {
    const before = spoilt[fault] ?? 0;
    faults.add(fault);
    await pause(away);
    const met = () => (spoilt[fault] ?? 0) > before;
    for (const began = performance.now(); !met() && performance.now() - began < MEETING_MS;) await pause(100);
    faults.delete(fault);
  }

  const actions = {
    async push(event) {
      const push = await repositories[event.repository].push(event);
      if (push === null) return account.count('push of nothing');
      account.count('push');
      if (event.shape === 'delete') account.deleted.add(`${event.repository} ${event.branch}`);
      account.count(`push: ${event.shape}`);
      return beside(() => hear(push, event.hearing, event.late));
    },
    artifact: (event) => beside(() => bringArtifact(event)),
    call: ({ service, branch }) => beside(() => call('look call', '/api/v1/builds', { service, branch })),
    rebuild: ({ service, branch, noCache }) => {
      if (!repositories[services[service].repository].heads.has(branch)) return;
      beside(() => call('rebuild', `/rebuild/${service}`, { branch, noCache }));
    },
    cancel: (event) => beside(() => cancelOne(event)),
    kill: (event) => once('kill', () => kill(event)),
    'engine restart': () => once('engine restart', () => stage.restartEngine()),
    'registry restart': ({ away }) =>
      once('registry restart', async () => {
        await registry.stop();
        await pause(away);
        await registry.start();
      }),
    'low disk': ({ away }) =>
      once('low disk', async () => {
        server.write(impossibleFreeDisk);
        await pause(away);
        server.write(usualFreeDisk);
      }),
    git: ({ fault, away }) => once(`git ${fault}`, () => withFault(gitGate, fault, away)),
    registry: ({ fault, away }) => once(`registry ${fault}`, () => withFault(registryGate, fault, away)),
  };

  return {
    async perform(plan) {
      const began = performance.now();
      for (const { at, ...event } of plan) {
        await pause(Math.max(0, at - (performance.now() - began)));
        await actions[event.do](event);
      }
      say(`${plan.length} events in ${((performance.now() - began) / 1_000).toFixed(0)} s.`);
    },
    async settled() {
      while (open.size > 0) await Promise.all(open);
    },
  };
}
