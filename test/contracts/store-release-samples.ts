import type { Build } from '../../src/model/build.js';
import type { NewRelease } from '../../src/model/release.js';
import type { Store } from '../../src/store/contract.js';
import { begin, head, image, newBuild, noRunFile, plan, success, toSkip } from './store-samples.js';

export interface Ended {
  readonly commit?: string;
  readonly branch?: string;
  readonly service?: string;
  readonly digest?: string;
  readonly file?: NewRelease['runFile'];
  readonly wasHead?: boolean;
  readonly tags?: readonly string[];
}

let ends = 0;

/** Runs a build to its successful end. */
export async function build(store: Store, given: Ended = {}): Promise<Build> {
  const { commit = head('a'), branch = 'main', service = 'app', digest = 'sha256:1', file = noRunFile } = given;
  const claimed = await begin(store, newBuild({ commit, branch, service, forced: true }));
  await store.queue.progress(claimed, { wasHead: given.wasHead ?? true });
  await store.queue.finish(
    claimed,
    success(image(digest, given.tags && [...given.tags]), null, file),
    1000 + (ends += 10),
    [],
  );
  return claimed;
}

/** What a skip of that head is released as. */
export const released = (by: Build, given: Ended = {}): NewRelease => ({
  service: by.service,
  branch: by.branch,
  commit: given.commit ?? head('b'),
  image: image(given.digest ?? 'sha256:1'),
  runFile: given.file ?? noRunFile,
  buildId: by.id,
  ofHead: true,
});

/** Records a skip of a head that an image covers. */
export const skip = (store: Store, ...releases: NewRelease[]) =>
  store.decisions.record(
    plan(
      releases.map((release) => ({
        ...toSkip({ service: release.service, branch: release.branch, head: release.commit }, release.buildId),
        release,
      })),
    ),
    7000,
  );
