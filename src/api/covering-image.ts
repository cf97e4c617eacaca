import Type, { type Static } from 'typebox';
import { SlipwayError } from '../errors.js';
import type { Build } from '../model/build.js';
import type { RecordedDecision } from '../model/decision.js';
import type { Store } from '../store/contract.js';
import { currentTags } from './current-tags.js';
import { schemas } from './schemas.js';

export const CoveringImage = Type.Object({
  ...schemas.image.properties,
  service: Type.String(),
  commit: Type.String(),
  buildId: Type.String(),
  builtCommit: Type.String({
    description: 'The commit that the build was of; another one where the commit itself was skipped.',
  }),
});

type Lookup = Pick<Store, 'builds' | 'decisions' | 'tags'>;

/** The image of the commit's own build, or of the build that the decision to skip it relied on. Fails with `no-image` and a `reason`. */
export async function coveringImage(
  store: Lookup,
  service: string,
  commit: string,
): Promise<Static<typeof CoveringImage>> {
  const own = await store.builds.succeeded(service, commit);
  const decision = own ? null : await store.decisions.covering(service, commit);
  const build = own ?? (await decidedBuild(store, decision));
  if (!build?.image) throw noImage(commit, whyNone(decision, build && (await newestOf(store, build))));
  const { repository, digest } = build.image;
  const tags = await currentTags(build.image, store);
  return { repository, digest, tags, service, commit, buildId: build.id, builtCommit: build.commit };
}

async function decidedBuild({ builds }: Lookup, decision: RecordedDecision | null): Promise<Build | null> {
  const id = decision?.reliesOn ?? decision?.buildId ?? null;
  return id === null ? null : builds.get(id);
}

/** Of the same commit and branch: somebody may have asked for another one. */
const newestOf = async ({ builds }: Lookup, build: Build): Promise<Build> =>
  (await builds.newest(build.service, build.branch, build.commit)) ?? build;

interface Why {
  readonly code: string;
  readonly message: string;
}

function whyNone(decision: RecordedDecision | null, build: Build | null): Why {
  if (!decision) return { code: 'not-decided', message: 'Nothing was decided for this commit.' };
  if (!build) return { code: decision.reason.code, message: decision.reason.message };
  const because = build.error ? `: ${build.error.message}` : '';
  return { code: `build-${build.status}`, message: `Build ${build.id} is ${build.status}${because}` };
}

/** Why no image is known to cover a commit. */
export function noImage(commit: string, reason: Why): SlipwayError {
  return new SlipwayError('no-image', `No image covers ${commit}. ${reason.message}`, { extra: { reason } });
}
