/** A run file that a service names itself: `deploy.file`. */
import type { Baseline } from '../../../src/model/build.js';
import type { Service } from '../../../src/model/service.js';
import { decide } from '../../../src/decide/decide.js';
import { gatherFacts } from '../../../src/decide/gather.js';
import { createPackagingReader } from '../../../src/decide/packaging-reader.js';
import { imageService, memoryCentral } from '../../support/image-service.js';
import { createMemoryGitHost, MemoryRepository } from '../../support/memory-git.js';
import { inlineReading } from '../../support/reading.js';

const plain: Service = { ...imageService(), branches: [{ text: 'main', matches: () => true }] };
const withFile = (file: string | null): Service => ({
  ...plain,
  deploy: {
    file,
    environments: [],
    variables: new Map(),
    allow: new Map(),
    verify: null,
    secretVerifyKeys: [],
    formerly: null,
  },
});

/** What is decided for a push over a first build, with `deploy.file` as it was when that was built and as it is now. */
async function decided(was: string | null, is: string | null, pushed: Record<string, string | null>) {
  const repository = new MemoryRepository();
  const dockerfile = 'FROM scratch\nCOPY . /\n';
  const commit = repository.commit({ 'docker/Dockerfile': dockerfile, 'docker/run.yaml': '1', 'run.yaml': '1' });
  const head = Object.keys(pushed).length === 0 ? commit : repository.commit(pushed);
  const git = createMemoryGitHost(async () => repository);
  await git.mirror('abc/app').remote.fetch([commit, head]);
  const newReader = () => createPackagingReader({ git, central: memoryCentral({}), reading: inlineReading });
  const { key } = await newReader().at(withFile(was), commit, 'main');
  const inputs = { head: commit, packaging: key, settings: plain.settingsFingerprint, bases: {} };
  const baseline: Baseline = {
    buildId: 'b',
    commit,
    inputs,
    image: { repository: 'app', digest: 'sha256:1', tags: [] },
  };
  const before = await newReader().runFile(withFile(was), commit);
  const request = { service: withFile(is), branch: 'main', head, forced: null, baseline, releasedRunFile: before.hash };
  const { facts } = await gatherFacts({ ...request, artifacts: [], hypothetical: false, bases: {} }, newReader());
  const { decision, reason } = decide(facts);
  return `${decision} ${reason.code}`;
}

test.each<[string, string | null, string | null, Record<string, string | null>, string]>([
  ['it changes', 'run.yaml', 'run.yaml', { 'run.yaml': '2' }, 'skip only-run-file-changed'],
  ['it gets an overlay', 'run.yaml', 'run.yaml', { 'run.prod.yaml': '1' }, 'skip only-run-file-changed'],
  [
    'it changes in the docker folder',
    'docker/run.yaml',
    'docker/run.yaml',
    { 'docker/run.yaml': '2' },
    'skip only-run-file-changed',
  ],
  ['it changes and is not a run file', null, null, { 'run.yaml': '2' }, 'build included-path-changed'],
  ['the setting is added', null, 'run.yaml', {}, 'skip only-run-file-changed'],
  ['the setting is added for a file of the docker folder', null, 'docker/run.yaml', {}, 'skip only-run-file-changed'],
  ['the setting is removed', 'docker/run.yaml', null, {}, 'skip only-run-file-changed'],
  ['the setting is added for what is not there', null, 'none.yaml', {}, 'skip no-change'],
])('where %s', async (_, was, is, pushed, expected) => {
  expect(await decided(was, is, pushed)).toBe(expected);
});
