import { setImmediate } from 'node:timers/promises';
import { openPackaging, type PackagingReader } from '../../decide/packaging-reader.js';
import { asSlipwayError } from '../../errors.js';
import { isTag } from '../../git-ref.js';
import { memoUnlessFailed } from '../../memo.js';
import type { Baseline } from '../../model/build.js';
import type { Service } from '../../model/service.js';
import { pauseAfter, lookPauses } from '../../queue/pauses.js';
import { readRelease } from '../../queue/releases.js';
import { runFileAt } from '../../queue/run-file-at.js';
import type { LookDeps } from './deps.js';

/** Noted when every baseline that was built before there were releases has one. */
const adoptedMoment = 'baselines-released';

export type AdoptDeps = Pick<LookDeps, 'store' | 'clock' | 'log' | 'services' | 'git' | 'central' | 'reading'>;

interface Unreleased {
  readonly service: Service;
  readonly branch: string;
  readonly baseline: Baseline;
}

/**
 * Makes the baseline of each branch a release, once: it was built before there were releases. What needs a git host that is away is tried
 * again with growing pauses until the signal aborts.
 */
export async function adoptBaselines(deps: AdoptDeps, stopping: AbortSignal): Promise<void> {
  const { store, clock, log } = deps;
  for (let attempt = 0; !stopping.aborted; attempt += 1) {
    try {
      if ((await store.moments.all()).has(adoptedMoment)) return;
      if (await adoptAll(deps, stopping)) {
        await store.moments.note(adoptedMoment, clock.now());
        return;
      }
    } catch (thrown) {
      const { code, message } = asSlipwayError(thrown);
      log.warn({ code }, `could not make releases of earlier images: ${message}`);
    }
    await clock.sleep(pauseAfter(attempt, lookPauses), stopping);
  }
}

/** True if nothing is left to do. */
async function adoptAll(deps: AdoptDeps, stopping: AbortSignal): Promise<boolean> {
  const packaging = memoUnlessFailed(() => openPackaging(deps));
  let isComplete = true;
  for (const service of deps.services().values()) {
    for (const unreleased of await unreleasedOf(service, deps)) {
      if (stopping.aborted) return false;
      const isAdopted = await adopt(unreleased, packaging, deps);
      isComplete &&= isAdopted;
    }
    await setImmediate();
  }
  return isComplete;
}

async function unreleasedOf(service: Service, { store }: AdoptDeps): Promise<readonly Unreleased[]> {
  const found: Unreleased[] = [];
  for (const branch of await store.decisions.branches(service.name)) {
    if (isTag(branch) || (await store.releases.newest(service.name, branch)) !== null) continue;
    const baseline = await store.builds.baseline(service.name, branch);
    if (baseline !== null) found.push({ service, branch, baseline });
  }
  return found;
}

/** False if the git host does not give what is needed now. */
async function adopt(
  { service, branch, baseline }: Unreleased,
  packaging: () => Promise<PackagingReader>,
  deps: AdoptDeps,
): Promise<boolean> {
  const { commit, image, buildId } = baseline;
  try {
    const reader = await packaging();
    await deps.git.mirror(service.repository).remote.fetch([commit]);
    const about = { service: service.name, branch, commit, image, buildId, ofHead: true };
    const release = await readRelease({ ...about, ...(await runFileAt(service, commit, reader)) }, deps);
    await deps.store.releases.adopt(release, deps.clock.now(), true);
    return true;
  } catch (thrown) {
    const { code, message, retryable } = asSlipwayError(thrown);
    deps.log.warn({ service: service.name, branch, code }, `could not make a release of an earlier image: ${message}`);
    return !retryable;
  }
}
