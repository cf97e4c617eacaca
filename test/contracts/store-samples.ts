import type { Artifact } from '../../src/model/artifact.js';
import type { AuditEntry } from '../../src/model/audit.js';
import type { BaseEdge } from '../../src/model/base-edge.js';
import type { Build, NewBuild } from '../../src/model/build.js';
import type { Decision, Reason } from '../../src/model/decision.js';
import type { Delivery } from '../../src/model/delivery.js';
import type { Image } from '../../src/model/image.js';
import type { Inputs } from '../../src/model/inputs.js';
import type { Look, NewLook } from '../../src/model/look.js';
import { noRunFileHash, type KeptRunFile } from '../../src/model/release.js';
import type { Trigger } from '../../src/model/trigger.js';
import type {
  BuildEnd,
  Claimable,
  KnownImage,
  PlannedDecision,
  PlanToRecord,
  Store,
  TagRow,
} from '../../src/store/contract.js';

export const push: Trigger = { kind: 'push', deliveryId: 'delivery-1', by: 'octocat' };

export const because: Reason = {
  code: 'included-path-changed',
  message: '1 path changed: src/ä.ts',
  paths: ['src/ä.ts'],
  patterns: ['src/**'],
};

export const head = (character: string) => character.repeat(40);

export const inputs = (commit: string, packaging = 'application:1'): Inputs => ({
  head: commit,
  packaging,
  settings: 'settings-1',
  bases: { 'registry.test/base:main': 'sha256:base' },
});

export const delivery = (id: string, over: Partial<Delivery> = {}): Delivery => ({
  id,
  event: 'push',
  repository: 'abc/app',
  branch: 'main',
  before: head('0'),
  after: head('a'),
  receivedAt: 1_700_000_000_000,
  status: 'accepted',
  reason: null,
  ...over,
});

export const look = (over: Partial<NewLook> = {}): NewLook => ({
  trigger: push,
  repository: 'abc/app',
  ref: 'refs/heads/main',
  services: ['app', 'worker'],
  before: head('0'),
  after: head('a'),
  dueAt: 100,
  ...over,
});

let builds = 0;

/** A queued-to-be build with an id of its own, in the order in which they are made. */
export const newBuild = (over: Partial<NewBuild> = {}): NewBuild => {
  const commit = over.commit ?? head('a');
  return {
    id: `build-${String((builds += 1)).padStart(6, '0')}`,
    service: 'app',
    repository: 'abc/app',
    branch: 'main',
    trigger: push,
    reason: because,
    queuedAt: 1000,
    forced: false,
    everyPush: false,
    noCache: false,
    fresh: false,
    artifactId: null,
    version: null,
    callbackUrl: null,
    inputs: inputs(commit),
    ...over,
    commit,
  };
};

/** The decision that says `build`, with its build. */
export const toBuild = (build: NewBuild, over: Partial<PlannedDecision> = {}): PlannedDecision => ({
  decision: {
    service: build.service,
    branch: build.branch,
    decision: 'build',
    reason: build.reason,
    base: head('0'),
    head: build.commit,
  },
  trigger: build.trigger,
  inputsKey: `key of ${build.commit}`,
  reliesOn: null,
  build,
  ...over,
});

export const toSkip = (over: Partial<Decision> = {}, reliesOn: string | null = null): PlannedDecision => ({
  decision: {
    service: 'app',
    branch: 'main',
    decision: 'skip',
    reason: { code: 'no-included-path-changed', message: 'nothing counts', paths: ['README.md'], patterns: [] },
    base: head('0'),
    head: head('b'),
    ...over,
  },
  trigger: push,
  inputsKey: 'key of a skip',
  reliesOn,
  build: null,
});

/** That the service stands on the branch of another, both on main. */
export const edge = (service: string, base: string, over: Partial<BaseEdge> = {}): BaseEdge => ({
  service,
  branch: 'main',
  reference: `registry.test/${base}:main`,
  base,
  baseBranch: 'main',
  ...over,
});

export const plan = (decisions: readonly PlannedDecision[], done: Look | null = null): PlanToRecord => ({
  look: done,
  deliveryId: null,
  decisions,
});

/** Queues a build and gives the id under which its decision went: its own, or that of one that makes the same. */
export async function queue(store: Store, build: NewBuild, now = 1000): Promise<string | null> {
  const { recorded } = await store.decisions.record(plan([toBuild(build)]), now);
  return recorded[0]?.buildId ?? null;
}

export const image = (digest = 'sha256:1', tags = ['1.0-1-aaaaaaa', 'main']): Image => ({
  repository: 'registry.test/app',
  digest,
  tags,
});

/** A run file of the application with one overlay. `hash` stands for its content. */
export const runFile = (hash: string, over: Partial<KeptRunFile> = {}): KeptRunFile => ({
  source: 'application',
  path: 'docker/compose.yaml',
  commit: head('a'),
  overlays: ['production'],
  hash,
  texts: [
    { environment: null, content: Buffer.from(hash).toString('base64'), fault: null },
    { environment: 'production', content: null, fault: 'It leads nowhere.' },
  ],
  ...over,
});

export const noRunFile: KeptRunFile = {
  source: 'none',
  path: null,
  commit: null,
  overlays: [],
  hash: noRunFileHash,
  texts: null,
};

export const success = (
  made: Image = image(),
  fingerprint: string | null = null,
  file: KeptRunFile = noRunFile,
): BuildEnd => ({
  status: 'succeeded',
  outcome: 'built',
  image: made,
  reusedFrom: null,
  fingerprint,
  runFile: file,
});

/** Renews the worker's lease; without one it joins. */
export async function live(store: Store, worker: string): Promise<void> {
  if ((await store.workers.heartbeat(worker)) === null) await store.workers.join(worker);
}

/** Claims the next build as a worker that lives. */
export async function claim(store: Store, worker = 'w', which?: Claimable): Promise<Build | null> {
  await live(store, worker);
  return store.queue.claim(worker, which);
}

/** Queues a build, which has to come next, and claims it. */
export async function begin(store: Store, build: NewBuild = newBuild(), worker = 'w'): Promise<Build> {
  await queue(store, build);
  const claimed = await claim(store, worker);
  if (claimed?.id !== build.id) throw new Error(`expected to claim ${build.id}, got ${claimed?.id}`);
  return claimed;
}

/** Runs a queued build to its successful end. */
export async function succeed(
  store: Store,
  build: NewBuild,
  now: number,
  wasHead = true,
  fingerprint: string | null = null,
): Promise<Build> {
  const claimed = await begin(store, build);
  await store.queue.progress(claimed, { wasHead });
  await store.queue.finish(claimed, success(image(`sha256:${build.id}`), fingerprint), now + 10, []);
  return (await store.builds.get(build.id)) ?? claimed;
}

export const artifact = (id: string, over: Partial<Artifact> = {}): Artifact => ({
  id,
  service: 'app',
  branch: 'main',
  commit: head('a'),
  version: '1.0',
  sha256: 'f'.repeat(64),
  size: 5_000_000_000,
  file: `artifacts/${id}`,
  receivedAt: 100,
  ...over,
});

export const knownImage = (buildId: string, over: Partial<KnownImage> = {}): KnownImage => ({
  service: 'app',
  repository: 'registry.test/app',
  digest: `sha256:${buildId}`,
  fingerprint: 'fingerprint-1',
  buildId,
  builtAt: 100,
  ...over,
});

export const auditEntry = (over: Partial<AuditEntry> = {}): AuditEntry => ({
  at: 100,
  by: 'jenkins',
  address: '10.0.0.5',
  scope: 'build',
  method: 'POST',
  route: '/api/v1/builds/:id/cancel',
  parameters: { id: 'b' },
  status: 202,
  ...over,
});

export const tag = (name: string, over: Partial<TagRow> = {}): TagRow => ({
  repository: 'app',
  tag: name,
  kind: 'version',
  owner: head('a'),
  digest: 'sha256:1',
  commit: null,
  ...over,
});
