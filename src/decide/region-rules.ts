import { createHash } from 'node:crypto';
import type { Service } from '../model/service.js';

/** Digest of the settings that decide, together with a commit, whether regions and Dockerfile have drifted apart. */
export function regionRules({ regions, autoRegions, context, path, dockerfile, target, buildArgs }: Service): string {
  const texts = [regions.included, regions.excluded].map((patterns) => patterns.map(({ text }) => text));
  return createHash('sha256')
    .update(JSON.stringify([texts, autoRegions, context, path, dockerfile, target, buildArgs]))
    .digest('hex')
    .slice(0, 16);
}
