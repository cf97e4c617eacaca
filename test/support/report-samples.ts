import type { Build } from '../../src/model/build.js';
import type { RecordedDecision } from '../../src/model/decision.js';
import type { Deployment } from '../../src/model/deployment.js';

const sha = '7e56158c0ffee7e56158c0ffee7e56158c0ffee0';
const reason = { code: 'included-path-changed', message: '2 paths changed.', paths: ['src/a'], patterns: [] } as const;
const trigger = { kind: 'push', deliveryId: 'd-1', by: 'ann' } as const;

/** A queued build of a push, with whatever the test cares about. */
export function sampleBuild(more: Partial<Build> = {}): Build {
  return {
    id: 'b-1',
    service: 'app',
    repository: 'abc/app',
    branch: 'main',
    commit: sha,
    status: 'queued',
    outcome: null,
    trigger,
    reason,
    dockerfile: null,
    image: null,
    error: null,
    queuedAt: 1_000,
    startedAt: null,
    finishedAt: null,
    steps: [],
    forced: false,
    everyPush: false,
    noCache: false,
    fresh: false,
    artifactId: null,
    version: null,
    callbackUrl: null,
    attempt: 0,
    claim: 1,
    notBefore: 0,
    inputs: { head: sha, packaging: 'p', settings: 's', bases: {} },
    wasHead: null,
    engineImage: null,
    deaths: 0,
    fingerprint: null,
    reusedFrom: null,
    official: null,
    warnings: [],
    waitedOut: null,
    ...more,
  };
}

/** A deployment that has succeeded, with whatever the test cares about. */
export function sampleDeployment(more: Partial<Deployment> = {}): Deployment {
  return {
    id: 'd-1',
    kind: 'deployment',
    service: 'app',
    environment: 'production',
    release: { number: 1, branch: 'main', commit: sha, tag: '1.0', digest: `sha256:${'1'.repeat(64)}` },
    from: null,
    status: 'succeeded',
    waitedOut: null,
    notBefore: 0,
    requester: { by: 'ops', person: true },
    approvals: [],
    reference: null,
    reason: null,
    force: false,
    adopt: [],
    useKept: false,
    removes: false,
    callbackUrl: null,
    only: null,
    build: null,
    hosts: [],
    steps: [],
    warnings: [],
    error: null,
    createdAt: 1_000,
    startedAt: 2_000,
    finishedAt: 3_000,
    claim: 1,
    cancelRequested: false,
    activeBefore: null,
    turnedBack: null,
    gate: null,
    ...more,
  };
}

/** A skip of a push, with whatever the test cares about. */
export function sampleDecision(more: Partial<RecordedDecision> = {}): RecordedDecision {
  return {
    id: 1,
    service: 'app',
    branch: 'main',
    decision: 'skip',
    reason: { code: 'only-excluded-paths-changed', message: 'Only excluded paths changed.', paths: [], patterns: [] },
    base: null,
    head: sha,
    trigger,
    buildId: null,
    inputsKey: 'k',
    reliesOn: null,
    at: 1_000,
    ...more,
  };
}
