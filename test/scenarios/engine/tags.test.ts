/** Which names an image gets, and when an image that is there does: on real parts. */
import type { TestRepo } from '../../support/git.js';
import type { TestSlipway } from '../../support/slipway.js';
import { openStage, succeeded, type Stage } from '../../support/stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
}, 60_000);

afterAll(() => stage?.close(), 60_000);

interface Opened {
  readonly name: string;
  readonly repo: TestRepo;
  readonly slipway: TestSlipway;
  readonly head: string;
  push(ref: string, after: string): ReturnType<TestSlipway['push']>;
  digestOf(tag: string): Promise<string>;
}

/** A service with one commit on `main`, built. */
async function open(name: string, settings: object = {}): Promise<Opened> {
  const repository = `abc/${name}`;
  const repo = await stage.repo(repository);
  const files = { Dockerfile: `FROM ${stage.base}\nCOPY src /src\n`, 'src/main.txt': name, VERSION: '3.1' };
  const head = await repo.commit({ files });
  const slipway = await stage.slipway({ services: { [name]: { repository, ...settings } } });
  const push = (ref: string, after: string) => slipway.push(repository, ref, { after });
  await succeeded(slipway, await push('main', head));
  return { name, repo, slipway, head, push, digestOf: async (tag) => (await stage.pushed(name, tag)).digest };
}

const short = (commit: string) => commit.slice(0, 7);

describe('an image that is there already', () => {
  test('gets the tags of a second branch with the same commit', async () => {
    const { repo, slipway, head, push, digestOf } = await open('twice', { branches: ['main', 'release/*'] });
    await repo.branch('release/3.1', head);
    const decisions = await push('release/3.1', head);
    expect(decisions).toMatchObject([{ reason: { code: 'first-build' } }]);
    const build = await succeeded(slipway, decisions);
    expect(build).toMatchObject({ outcome: 'reused', image: { tags: [`3.1-1-${short(head)}`, 'release-3.1'] } });
    expect(await digestOf('release-3.1')).toBe(await digestOf('main'));
    expect(await stage.tags('twice')).toEqual([`3.1-1-${short(head)}`, 'main', 'release-3.1']);
  }, 60_000);

  test('covers a commit that changes nothing that the Dockerfile reads', async () => {
    const { repo, slipway, head, push, digestOf } = await open('unread');
    const before = await digestOf('main');
    const docs = await repo.commit({ files: { 'docs/guide.md': 'Read me.' } });
    const decisions = await push('main', docs);
    expect(decisions).toMatchObject([{ reason: { code: 'included-path-changed', paths: ['docs/guide.md'] } }]);
    const build = await succeeded(slipway, decisions);
    expect(build).toMatchObject({
      outcome: 'reused',
      image: { digest: before, tags: [`3.1-2-${short(docs)}`, 'main'] },
    });
    expect((await stage.pushed('unread', 'main')).labels['org.opencontainers.image.revision']).toBe(head);
    expect(await slipway.get(`/api/v1/services/unread/image?commit=${docs}`)).toMatchObject({ digest: before });
    expect(await slipway.logOf(build.id)).toContain('Equal inputs: reusing');
  }, 60_000);

  test('is made again if the service says so', async () => {
    const { repo, slipway, push } = await open('anew', { reuse: false });
    const docs = await repo.commit({ files: { 'docs/guide.md': 'Read me.' } });
    expect((await succeeded(slipway, await push('main', docs))).outcome).toBe('built');
    expect((await stage.pushed('anew', 'main')).labels['org.opencontainers.image.revision']).toBe(docs);
  }, 60_000);
});

describe('a git tag', () => {
  test('names the image of its commit, once: where it is moved the name stays', async () => {
    const { repo, slipway, head, push, digestOf } = await open('released', { gitTags: ['v*'] });
    await repo.tag('v1.2.3', head);
    const decisions = await push('refs/tags/v1.2.3', head);
    expect(decisions).toMatchObject([{ branch: 'refs/tags/v1.2.3', decision: 'build', reason: { code: 'git-tag' } }]);
    const build = await succeeded(slipway, decisions);
    expect(build).toMatchObject({ outcome: 'reused', image: { tags: [`3.1-1-${short(head)}`, '1.2.3'] } });
    expect(await digestOf('1.2.3')).toBe(await digestOf('main'));

    const next = await repo.commit({ files: { 'src/main.txt': 'next' } });
    await succeeded(slipway, await push('main', next));
    await repo.tag('v1.2.3', next);
    const moved = await push('refs/tags/v1.2.3', next);
    expect(moved).toMatchObject([{ decision: 'skip', reason: { code: 'tag-exists' } }]);
    expect(moved[0]?.reason.message).toBe(
      `Image tag 1.2.3 holds ${short(head)}; git tag v1.2.3 now names ${short(next)}.`,
    );
    expect(await digestOf('1.2.3')).toBe(build.image?.digest);
    expect(await digestOf('main')).not.toBe(build.image?.digest);
  }, 90_000);

  test('with a message names its commit, and is looked at once', async () => {
    const { repo, slipway, head, push, digestOf } = await open('annotated', { gitTags: ['v*'] });
    await repo.tag('v2.0.0', head, 'Second');
    const decisions = await push('refs/tags/v2.0.0', await repo.git('rev-parse', 'refs/tags/v2.0.0'));
    expect(decisions).toMatchObject([{ head, reason: { code: 'git-tag' } }]);
    await succeeded(slipway, decisions);
    expect(await digestOf('2.0.0')).toBe(await digestOf('main'));
    expect(await slipway.running.store.looks.nextDueAt([])).toBeNull();
  }, 60_000);

  test('that the service does not build is skipped', async () => {
    const { repo, head, push } = await open('untagged');
    await repo.tag('v1', head);
    const [decision] = await push('refs/tags/v1', head);
    expect(decision).toMatchObject({ decision: 'skip', reason: { code: 'branch-not-configured' } });
    expect(decision?.reason.message).toBe("Git tag v1 is not among the service's gitTags.");
  }, 60_000);

  test('wins its name over a branch, whose tag moves aside', async () => {
    const { repo, slipway, head, push, digestOf } = await open('contested', { branches: ['**'], gitTags: ['v*'] });
    const branched = await repo.commit({ branch: '1.0', parents: [head], files: { 'src/main.txt': 'branch' } });
    expect((await succeeded(slipway, await push('1.0', branched))).image?.tags[1]).toBe('1.0');
    const ofBranch = await digestOf('1.0');

    await repo.tag('v1.0', head);
    const tagged = await succeeded(slipway, await push('refs/tags/v1.0', head));
    expect(tagged.image?.tags[1]).toBe('1.0');
    expect(await digestOf('1.0')).toBe(await digestOf('main'));
    const aside = (await stage.tags('contested')).filter((tag) => tag.startsWith('1.0-'));
    expect(aside).toEqual([expect.stringMatching(/^1\.0-[0-9a-f]+$/)]);
    expect(await digestOf(aside[0] ?? '')).toBe(ofBranch);

    const further = await repo.commit({ branch: '1.0', files: { 'src/main.txt': 'further' } });
    expect((await succeeded(slipway, await push('1.0', further))).image?.tags[1]).toBe(aside[0]);
    expect(await digestOf('1.0')).toBe(await digestOf('main'));
  }, 120_000);

  test('keeps its name from a branch that comes later', async () => {
    const { repo, slipway, head, push, digestOf } = await open('first', { branches: ['**'], gitTags: ['v*'] });
    await repo.tag('v1.0', head);
    await succeeded(slipway, await push('refs/tags/v1.0', head));
    const branched = await repo.commit({ branch: '1.0', parents: [head], files: { 'src/main.txt': 'branch' } });
    const build = await succeeded(slipway, await push('1.0', branched));
    expect(build.image?.tags[1]).toMatch(/^1\.0-[0-9a-f]+$/);
    expect(await digestOf('1.0')).toBe(await digestOf('main'));
  }, 90_000);
});

test('branches that come to the same tag keep apart', async () => {
  const { repo, slipway, head, push, digestOf } = await open('alike', { branches: ['**'] });
  const tags: string[] = [];
  for (const branch of ['fix/a', 'fix-a']) {
    const commit = await repo.commit({ branch, parents: [head], files: { 'src/main.txt': branch } });
    tags.push((await succeeded(slipway, await push(branch, commit))).image?.tags[1] ?? '');
  }
  expect(tags).toEqual(['fix-a', expect.stringMatching(/^fix-a-[0-9a-f]+$/)]);
  expect(await digestOf(tags[0] ?? '')).not.toBe(await digestOf(tags[1] ?? ''));
}, 90_000);
