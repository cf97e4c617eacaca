import { SlipwayError } from '../errors.js';
import type { Build } from '../model/build.js';
import type { ApiDeps } from './deps.js';

/** The build of that id. Fails with `unknown-build`. */
export async function knownBuild({ store }: Pick<ApiDeps, 'store'>, id: string): Promise<Build> {
  const build = await store.builds.get(id);
  if (build) return build;
  throw new SlipwayError('unknown-build', `No build has the id ${JSON.stringify(id)}.`);
}
