/** Why a commit was built or not, asked of a server that decided on it. */
import { SECRET } from '../../support/api-client.js';
import { dockerfile, useFakeStage, type FakeStage } from '../../support/fake-stage.js';

const open = useFakeStage();

interface WhyAnswer {
  readonly sentence: string;
  readonly commit: string;
  readonly isHead: boolean;
  readonly decision: { readonly head: string; readonly branch: string; readonly reason: { readonly code: string } };
  readonly compared: {
    readonly base: string;
    readonly baseTag: string;
    readonly paths: number;
    readonly url: string | null;
  } | null;
  readonly paths: readonly { readonly path: string; readonly setting: string | null; readonly kind: string }[];
  readonly asDecided: boolean;
  readonly coveredBy: { readonly buildId: string; readonly image: { readonly tags: readonly string[] } } | null;
  readonly chain: readonly { readonly service: string; readonly tag: string }[];
  readonly samePush: readonly { readonly service: string; readonly decision: string }[];
  readonly samePushCount: number;
  readonly code?: string;
}

const ask = async <T>({ slipway }: FakeStage, service: string, rest: string): Promise<T> =>
  JSON.parse((await slipway.request('GET', `/api/v1/services/${service}/${rest}`)).body) as T;
const why = (stage: FakeStage, service: string, commit: string, query = ''): Promise<WhyAnswer> =>
  ask<WhyAnswer>(stage, service, `why/${commit}${query}`);
interface TriedPath {
  readonly why: string;
  readonly setting: string | null;
  readonly commit: string | null;
  readonly code?: string;
}
const tried = (stage: FakeStage, service: string, path: string): Promise<TriedPath> =>
  ask<TriedPath>(stage, service, `regions?path=${encodeURIComponent(path)}`);
const settings = (path: string, more: object = {}) => ({
  ...{ repository: 'abc/app', path, branches: ['main', 'feature'], version: { value: '1.0' }, ...more },
});
const services = { shop: settings('shop', { excludedRegions: ['**/*.md'] }), cart: settings('cart') };
const files = { 'shop/Dockerfile': dockerfile, 'shop/a': '1', 'cart/Dockerfile': dockerfile };

async function begun(more: object = {}): Promise<FakeStage> {
  const stage = await open({ services, ...more });
  await stage.begin(files);
  return stage;
}

test('a skip names the base, the covering image, and what the push meant for others', async () => {
  const stage = await begun();
  const base = await stage.tip();
  await stage.push({ 'shop/README.md': '1', 'cart/new': '1' });
  await stage.slipway.quiet();
  const head = await stage.tip();
  const answer = await why(stage, 'shop', head);
  expect(answer).toMatchObject({
    sentence: `Nothing was built for shop at ${head.slice(0, 7)}, because the one path that changed is excluded.`,
    ...{ commit: head, isHead: true, asDecided: true, chain: [] },
    compared: { base, baseTag: `1.0-1-${base.slice(0, 7)}`, head, paths: 2, url: null },
    paths: [
      { path: 'shop/README.md', kind: 'excluded', setting: 'services.shop.excludedRegions[0]' },
      { path: 'cart/new', kind: 'outside', setting: null },
    ],
    coveredBy: { image: { tags: [`1.0-1-${base.slice(0, 7)}`, 'main'] } },
    samePush: [{ service: 'cart', decision: 'build' }],
    samePushCount: 1,
  });
  const first = await why(stage, 'shop', base.slice(0, 10));
  expect(first).toMatchObject({ compared: null, paths: [], coveredBy: { buildId: answer.coveredBy?.buildId } });
});

test('a commit within a push is explained by the decision about its head, also within the first push', async () => {
  const stage = await open({ services });
  const before = await stage.repo.commit({ files });
  await stage.begin();
  const between = await stage.repo.commit({ files: { 'shop/b': '1' } });
  await stage.push({ 'shop/c': '1' });
  const head = await stage.tip();
  await stage.push({ 'shop/c': '2' });
  expect(await why(stage, 'shop', between.slice(0, 12))).toMatchObject({
    ...{ commit: between, isHead: false, decision: { head } },
  });
  // It came with the first push, whose decision compared nothing.
  expect(await why(stage, 'shop', before)).toMatchObject({ isHead: false, compared: null });
});

test('what is not known is 404, with a code of its own; another branch is asked for by its name', async () => {
  const stage = await begun();
  const head = await stage.tip();
  const stray = await stage.repo.commit({ files: { 'shop/b': '1' }, branch: 'other' });
  expect(await why(stage, 'shop', stray)).toMatchObject({ code: 'unknown-decision' });
  expect(await why(stage, 'shop', 'e'.repeat(40))).toMatchObject({ code: 'unknown-commit' });
  expect(await why(stage, 'nothing', stray)).toMatchObject({ code: 'unknown-service' });
  expect(await why(stage, 'shop', 'main')).toMatchObject({ code: 'invalid-request' });

  await stage.repo.branch('feature', head);
  await stage.deliver('feature');
  expect((await why(stage, 'shop', head)).decision.branch).toBe('feature');
  expect((await why(stage, 'shop', head, '?branch=main')).decision.branch).toBe('main');
});

test('what the configuration sorts otherwise now is said, and what git has no more is as it was recorded', async () => {
  const stage = await begun();
  await stage.push({ 'shop/README.md': '1' });
  const head = await stage.tip();
  await stage.slipway.stop(0);
  await stage.slipway.start({ services: { ...services, shop: settings('shop') } });
  const { asDecided, paths, decision } = await why(stage, 'shop', head);
  expect([asDecided, paths, decision.reason.code]).toMatchObject([
    false,
    [{ path: 'shop/README.md', kind: 'included', setting: 'services.shop.path' }],
    'only-excluded-paths-changed',
  ]);

  await stage.slipway.stop(0);
  await stage.repo.deleteBranch('main');
  await stage.repo.forgetUnreachable();
  await stage.slipway.forgetMirrors();
  await stage.slipway.start();
  expect(await why(stage, 'shop', head)).toMatchObject({
    ...{ asDecided: true, compared: { paths: 1 } },
    paths: [{ path: 'shop/README.md', kind: 'excluded', by: '**/*.md', setting: null }],
  });
});

test('a chain of bases begins with its first cause; the difference has an address on GitHub', async () => {
  const on = (name: string) => `FROM registry.test:5000/${name}:main\nCOPY . /x\n`;
  const stage = await open({
    services: { jdk: settings('jdk'), base: settings('base'), top: settings('top') },
    config: { github: { webhookSecrets: [SECRET], cloneUrl: 'https://github.com/{repository}.git' } },
  });
  await stage.begin({ 'jdk/Dockerfile': dockerfile, 'base/Dockerfile': on('jdk'), 'top/Dockerfile': on('base') });
  const from = await stage.tip();
  await stage.push({ 'jdk/new': '1' });
  await stage.slipway.quiet();
  const head = await stage.tip();
  const tag = `1.0-2-${head.slice(0, 7)}`;
  expect(await why(stage, 'top', head)).toMatchObject({
    sentence: `top was built at ${head.slice(0, 7)}, because its base base got ${tag} (chain: jdk → base → top).`,
    chain: [
      { service: 'jdk', tag },
      { service: 'base', tag },
    ],
    compared: { url: `https://github.com/abc/app/compare/${from}...${head}` },
  });
});

test('the base has the image of the time of the decision, whatever is built of it later', async () => {
  const stage = await open({ services: { base: settings('base'), top: settings('top') } });
  const top = 'FROM registry.test:5000/base:main\nCOPY . /x\n';
  await stage.begin({ 'base/Dockerfile': dockerfile, 'top/Dockerfile': top });
  await stage.slipway.quiet();
  const from = await stage.tip();
  const [before] = await stage.builds('&service=top');
  await stage.push({ 'base/new': '1' });
  await stage.slipway.quiet();
  await stage.slipway.post('/rebuild/top', { commit: from });
  await stage.slipway.quiet();
  const rebuilt = (await stage.builds(`&service=top&commit=${from}`)).at(-1);
  expect(rebuilt?.image?.tags[0]).not.toBe(before?.image?.tags[0]);
  expect(await why(stage, 'top', await stage.tip())).toMatchObject({
    compared: { base: from, baseTag: before?.image?.tags[0] },
  });
});

test('a path is tried against the packaging of the newest head, and the regions that follow from it', async () => {
  const auto = settings('', { includedRegions: 'auto', dockerfile: 'build/Dockerfile', context: '.' });
  const stage = await open({ services: { app: auto, shop: services.shop } });
  expect(await tried(stage, 'app', 'src/a')).toMatchObject({ code: 'unknown-decision' });
  expect(await tried(stage, 'shop', 'shop/a.md')).toMatchObject({
    why: expect.stringContaining('excludes'),
    commit: null,
  });
  await stage.begin({ 'build/Dockerfile': 'FROM scratch\nCOPY src /src\n', ...files });
  const commit = await stage.tip();
  expect(await tried(stage, 'app', 'src/a')).toMatchObject({
    ...{ why: 'It would count, because src includes it.', setting: 'services.app.includedRegions', commit },
  });
  expect((await tried(stage, 'app', 'lib/a')).why).toBe('It would not count, because no included region has it.');
  expect((await tried(stage, 'app', './build/Dockerfile')).why).toContain('packaging of the service');
  expect(await tried(stage, 'app', '../a')).toMatchObject({ code: 'invalid-request' });
});
