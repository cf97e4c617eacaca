import type { PackagingReader } from '../../../src/decide/packaging-reader.js';
import { versionArgWarnings } from '../../../src/operations/version-args.js';
import { must } from '../../support/app.js';
import { head } from '../../contracts/store-samples.js';
import { openDeploying, type TestDeploying } from '../../support/deploying.js';
import { keptRunFile } from '../../support/effective.js';

let under: TestDeploying;
beforeEach(async () => {
  under = await openDeploying();
});
afterEach(() => under.close());

const verify = (more = '') =>
  keptRunFile(`services:\n  web:\n    ports: ["8080:80"]\n    x-slipway: { verify: { path: /v${more} } }\n`);

/** What is said of the newest release, if its Dockerfile declares these arguments. */
async function warnings(args: readonly string[] | null, artifact: string | null = null) {
  const service = { ...must(under.deps.services().get('web')), artifact };
  const packaging = { at: async () => ({ args }) } as unknown as Pick<PackagingReader, 'at'>;
  const history = { has: async () => true };
  const git = { mirror: () => ({ history }) } as unknown as typeof under.deps.git;
  return (await versionArgWarnings(service, packaging, { ...under.deps, git })).map(({ message }) => message);
}

test.each([
  ['by default', '', /^in .*production.* answer with its tag .*neither SLIPWAY_VERSION nor SLIPWAY_COMMIT/],
  ['for a commit', ', expect: commit', /answer with its commit/],
])('a version that the Dockerfile cannot know is warned of: asked %s', async (_, more, expected) => {
  await under.release(head('a'), { runFile: verify(more) });
  expect(await warnings(['OTHER'])).toEqual([expect.stringMatching(expected)]);
});

test.each<[string, readonly string[] | null, string, string | null]>([
  ['declares one', ['SLIPWAY_VERSION'], '', null],
  ['declares the other', ['SLIPWAY_COMMIT'], '', null],
  ['is not understood', null, '', null],
  ['is asked for the official version', [], ', expect: version', null],
  ['is asked for a text', [], ', expect: fine', null],
  ['gets an artifact', [], '', 'docker/app.jar'],
])('a Dockerfile that %s is not', async (_, args, more, artifact) => {
  await under.release(head('a'), { runFile: verify(more) });
  expect(await warnings(args, artifact)).toEqual([]);
});

test('nothing is said without a release, or where the version is not asked', async () => {
  expect(await warnings([])).toEqual([]);
  await under.release(head('a'));
  expect(await warnings([])).toEqual([]);
});
