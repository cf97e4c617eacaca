/** What a decision says of a build before it begins: submodules, files in Git LFS, and texts that are no version. The build says the same. */
import { jest } from '@jest/globals';
import type { FileChange } from '../../support/git.js';
import { useFakeStage, type FakeStage } from '../../support/fake-stage.js';

jest.setTimeout(90_000);

const open = useFakeStage();

interface Warned {
  readonly warnings?: readonly { readonly service: string; readonly message: string }[];
}

const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'4'.repeat(64)}\nsize 4096\n`;
const submodule = (digit: string): FileChange => ({ submodule: digit.repeat(40) });
const files = {
  'docker/Dockerfile': 'FROM scratch\nCOPY . /src/\n',
  '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n',
  'models/a.bin': pointer,
  'vendor/lib': submodule('1'),
};

const said = (message: string) => ({ service: 'app', message });
const ofSubmodule = said('The Dockerfile reads vendor/lib, a submodule: its folder is empty in the build.');
const ofPointer = said(
  'The Dockerfile reads models/a.bin, which is in Git LFS: the build gets its pointer, not its content.',
);

/** Pushes, and waits for the build and for what is noted after the decisions. */
async function push(stage: FakeStage, changes: Readonly<Record<string, FileChange>>) {
  const after = await stage.repo.commit({ files: changes });
  const id = await stage.slipway.deliver('abc/app', 'main', { after });
  const [decision] = await stage.slipway.decisions(id);
  await stage.slipway.quiet();
  return {
    id,
    decision,
    build: await stage.slipway.get<Warned & { id: string }>(`/api/v1/builds/${decision?.buildId}`),
  };
}

const ledgerOf = async ({ slipway }: FakeStage, id: string) =>
  (await slipway.get<Warned>(`/api/v1/deliveries/${id}`)).warnings;

const planOf = async ({ slipway }: FakeStage) =>
  (await slipway.post<Warned>('/api/v1/plan', { repository: 'abc/app', branch: 'main' })).body.warnings;

test('a submodule and a file in Git LFS are named in plan, delivery, build and log', async () => {
  const stage = await open();
  await stage.repo.commit({ files });
  expect(await planOf(stage)).toEqual([ofSubmodule, ofPointer]);
  const { id, build } = await push(stage, {});
  expect(build.warnings).toEqual([ofSubmodule, ofPointer]);
  expect(await stage.until('warnings to be noted', () => ledgerOf(stage, id))).toEqual([ofSubmodule, ofPointer]);
  await stage.until('the warning to be logged', async () =>
    stage.slipway.log.lines.some(({ message }) => message === ofSubmodule.message),
  );
  expect(await stage.slipway.logOf(build.id)).toContain(`WARNING: ${ofPointer.message}`);
});

test('a submodule that moved is built, and warned of', async () => {
  const stage = await open();
  await push(stage, files);
  const { decision, build } = await push(stage, { 'vendor/lib': submodule('2') });
  expect(decision?.reason).toMatchObject({ code: 'included-path-changed', paths: ['vendor/lib'] });
  expect(build.warnings).toEqual([ofSubmodule, ofPointer]);
});

test('a push that changes no names is warned of as the one before, and one that takes files out of LFS is not', async () => {
  const stage = await open();
  await push(stage, { ...files, 'vendor/lib': null });
  const { id } = await push(stage, { 'models/a.bin': pointer.replace('4096', '4097') });
  expect(await stage.until('warnings to be noted', () => ledgerOf(stage, id))).toEqual([ofPointer]);
  const last = await push(stage, { '.gitattributes': '*.bin -filter\n', 'models/a.bin': 'the content itself' });
  await push(stage, { 'src/a': '1' });
  expect(await ledgerOf(stage, last.id)).toBeUndefined();
  expect(last.build.warnings).toEqual([]);
});

test('what no source reads is not spoken of', async () => {
  const stage = await open();
  await stage.repo.commit({ files: { ...files, 'docker/Dockerfile': 'FROM scratch\nCOPY src /src/\n', 'src/a': '1' } });
  expect(await planOf(stage)).toBeUndefined();
});

test('a git tag is warned of as its branch', async () => {
  const stage = await open({
    services: { app: { repository: 'abc/app', gitTags: ['v*'], version: { value: '1.0' } } },
  });
  await push(stage, files);
  const after = await stage.tip();
  await stage.repo.tag('v1', after);
  const id = await stage.slipway.deliver('abc/app', 'refs/tags/v1', { after });
  expect(await stage.until('warnings to be noted', () => ledgerOf(stage, id))).toEqual([ofSubmodule, ofPointer]);
});

test('a text that is no version is named in plan and delivery as in the build', async () => {
  const stage = await open({ services: { app: { repository: 'abc/app' } } });
  await stage.repo.commit({ files: { 'docker/Dockerfile': 'FROM scratch\nCOPY . /\n', VERSION: '<html>' } });
  const warnings = [said('VERSION states "<html>", which does not look like a version.')];
  expect(await planOf(stage)).toEqual(warnings);
  const { id, build } = await push(stage, { 'src/a': '1' });
  expect(build.warnings).toEqual(warnings);
  expect(await stage.until('warnings to be noted', () => ledgerOf(stage, id))).toEqual(warnings);
  expect(await planOf(stage)).toBeUndefined();
  const again = { after: await stage.tip() };
  const skipped = await stage.slipway.deliver('abc/app', 'main', again);
  expect(await stage.slipway.decisions(skipped)).toMatchObject([{ decision: 'skip' }]);
  // Its warnings would be noted before the next look begins.
  await stage.slipway.decisions(await stage.slipway.deliver('abc/app', 'main', again));
  expect(await ledgerOf(stage, skipped)).toBeUndefined();
});
