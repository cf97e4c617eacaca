import { createDeploying } from '../../../../src/operations/deploy/deploying.js';
import type { DeployTarget } from '../../../../src/operations/deploy/contract.js';
import { claim, head } from '../../../contracts/store-samples.js';
import { openDeploying, ticket, type TestDeploying } from '../../../support/deploying.js';
import { must } from '../../../support/app.js';
import { failureOf } from '../../../support/failure-of.js';

let under: TestDeploying;
beforeEach(async () => {
  under = await openDeploying();
});
afterEach(() => under.close());

const dockerfile = { 'docker/Dockerfile': 'FROM scratch\nCOPY . /\n' };
const ask = (target: Partial<DeployTarget>) => under.deploying.deploy(ticket(target), null);
const numberOf = async (target: Partial<DeployTarget>) => (await ask(target)).release?.number;
const refusal = async (target: Partial<DeployTarget>) => must(await failureOf(ask(target)));

test('a ticket names the release, its image and who asked', async () => {
  await under.release(head('a'));
  expect(await ask({ release: 1 })).toMatchObject({
    kind: 'deployment',
    service: 'web',
    environment: 'production',
    status: 'pending',
    release: { number: 1, branch: 'main', commit: head('a'), tag: '1.0-1-aaaaaaa', digest: `sha256:${'a'.repeat(64)}` },
    requester: { by: 'deployer', person: true },
    build: null,
  });
});

test.each<[string, Partial<DeployTarget>]>([
  ['nothing', {}],
  ['two things', { branch: 'main', release: 1 }],
  ['a short commit', { commit: 'aaaaaa' }],
  ['a commit that is no id', { commit: 'not-an-id' }],
])('%s cannot be deployed', async (_, target) => {
  await under.release(head('a'));
  expect((await refusal(target)).code).toBe('invalid-request');
});

test('a release is found by what people have in hand', async () => {
  await under.release(head('a'));
  await under.release(head('b'), { tags: ['1.0-2-bbbbbbb-r2', 'main'] });
  await under.release(head('c'), { branch: 'refs/tags/v2.0', tags: ['1.0-3-ccccccc', '2.0'] });
  const owner = { repository: 'web', commit: head('c'), digest: null };
  await under.store.tags.put({ ...owner, tag: '2.0', kind: 'git-tag', owner: 'v2.0' });
  expect(await numberOf({ release: 2 })).toBe(2);
  expect(await numberOf({ commit: head('a') })).toBe(1);
  expect(await numberOf({ commit: 'BBBBBBB' })).toBe(2);
  expect(await numberOf({ version: '1.0-1-aaaaaaa' })).toBe(1);
  expect(await numberOf({ version: '1.0-2-bbbbbbb' })).toBe(2);
  expect(await numberOf({ version: '1.0-2-bbbbbbb-r2' })).toBe(2);
  expect(await numberOf({ version: 'v2.0' })).toBe(3);
  expect(await numberOf({ version: '2.0' })).toBe(3);
});

test.each<[Partial<DeployTarget>, string]>([
  [{ release: 9 }, 'unknown-release'],
  [{ commit: head('9') }, 'no-release'],
  [{ version: '1.0-1-aaaaaaa-r2' }, 'no-release'],
  [{ version: 'main' }, 'no-release'],
  [{ version: '%' }, 'no-release'],
  [{ from: 'staging' }, 'no-release'],
  [{ from: 'stage' }, 'unknown-environment'],
])('%j is %s', async (target, code) => {
  await under.release(head('a'));
  await under.store.tags.put({
    repository: 'web',
    tag: 'main',
    kind: 'branch',
    owner: 'main',
    digest: null,
    commit: null,
  });
  expect((await refusal(target)).code).toBe(code);
});

test('the exact tag comes before a newer revision of it', async () => {
  await under.release(head('a'));
  await under.release(head('a'), { digest: 'sha256:2', tags: ['1.0-1-aaaaaaa-r2'] });
  expect(await numberOf({ version: '1.0-1-aaaaaaa' })).toBe(1);
});

test('promotion takes what is desired in the other environment, not what is newest', async () => {
  await under.release(head('a'));
  await under.ends(await under.deploying.deploy(ticket({ release: 1 }, { environment: 'staging' }), null));
  await under.release(head('b'));
  expect(await numberOf({ from: 'staging' })).toBe(1);
});

describe('a commit that is being built', () => {
  test('is waited for, and a plan says so', async () => {
    const commit = under.web.commit(dockerfile);
    const build = await under.queued(commit);
    const waiting = await ask({ commit: commit.slice(0, 9) });
    expect(waiting).toMatchObject({ status: 'pending', release: null, build: { id: build.id, branch: 'main' } });
    await claim(under.store);
    expect(await ask({ commit })).toMatchObject({ build: { id: build.id } });
    const { target, service, environment, force } = ticket({ commit });
    expect((await failureOf(under.deploying.plan({ target, service, environment, force })))?.message).toContain(
      build.id,
    );
  });

  test('whose build failed has no release', async () => {
    const commit = under.web.commit(dockerfile);
    const { id } = await under.queued(commit);
    const error = { code: 'dockerfile-step-failed', message: 'COPY failed', step: null, blame: 'dockerfile' } as const;
    const claimed = (await claim(under.store)) ?? { id, claim: 0 };
    await under.store.queue.finish(claimed, { status: 'failed', error }, 1, []);
    expect((await refusal({ commit })).code).toBe('no-release');
  });
});

describe('a branch', () => {
  test('means the newest release that covers its head', async () => {
    const first = under.web.commit(dockerfile);
    await under.release(first);
    await under.release(first, { digest: 'sha256:2' });
    await under.release(first, { branch: 'release/1', digest: 'sha256:3' });
    expect(await numberOf({ branch: 'main' })).toBe(2);
  });

  test('that does not exist is an unknown revision', async () => {
    under.web.commit(dockerfile);
    expect((await refusal({ branch: 'release/9' })).code).toBe('unknown-revision');
  });

  test('whose head is being built is waited for', async () => {
    const build = await under.queued(under.web.commit(dockerfile));
    const waiting = await ask({ branch: 'main' });
    expect(waiting).toMatchObject({ status: 'pending', release: null, build: { id: build.id, branch: 'main' } });
    expect(await under.store.deployments.specification(waiting.id)).toBeNull();
    await claim(under.store);
    expect(await ask({ branch: 'main' })).toMatchObject({ build: { id: build.id } });
  });

  test('whose head nobody has looked at is built', async () => {
    const commit = under.web.commit(dockerfile);
    const { build } = await ask({ branch: 'main' });
    expect(await under.store.builds.get(build?.id ?? '')).toMatchObject({ commit, status: 'queued', branch: 'main' });
  });

  test('that is not built has no release, and the decision says why', async () => {
    under.web.commit(dockerfile, { branch: 'other' });
    const { code, message, extra } = await refusal({ branch: 'other' });
    expect([code, extra['decision']]).toMatchObject([
      'no-release',
      { decision: 'skip', reason: { code: 'branch-not-configured' }, branch: 'other', buildId: null },
    ]);
    expect(message).toContain('the head of other');
  });

  test('whose build failed has no release, and the message has its error', async () => {
    const { id } = await under.queued(under.web.commit(dockerfile));
    const claimed = await claim(under.store);
    const error = { code: 'dockerfile-step-failed', message: 'COPY failed', step: null, blame: 'dockerfile' } as const;
    await under.store.queue.finish(claimed ?? { id, claim: 0 }, { status: 'failed', error }, 1, []);
    const { code, message, extra } = await refusal({ branch: 'main' });
    expect([code, message]).toEqual(['no-release', expect.stringContaining('COPY failed')]);
    expect(extra['decision']).toMatchObject({ decision: 'build', buildId: id });
  });

  test('is known from the store while the git host is away', async () => {
    const commit = under.web.commit(dockerfile);
    await under.release(commit);
    await under.queued(commit);
    const away = { ...under.deps, heads: { of: async () => new Map() } };
    const deploying = createDeploying(away);
    expect((await deploying.deploy(ticket({ branch: 'main' }), null)).release?.number).toBe(1);
    expect((await failureOf(deploying.deploy(ticket({ branch: 'release/9' }), null)))?.code).toBe('git-unavailable');
  });
});
