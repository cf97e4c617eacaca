import { ChangedPaths } from '../../src/decide/changed-paths.js';
import { classify, prepared } from '../../src/decide/regions.js';
import { autoRegions, type AutoRegionsRequest } from '../../src/image/packaging/auto-regions.js';
import { inlineReading } from './reading.js';

/** Those of the paths that count for a service whose regions come from its Dockerfile. */
export async function countedPaths(request: AutoRegionsRequest, paths: readonly string[]): Promise<readonly string[]> {
  const regions = autoRegions(request, inlineReading.regions);
  const changed = await prepared(new ChangedPaths(paths), regions, []);
  return classify(changed, regions, []).counted.first.map(({ path }) => path);
}
