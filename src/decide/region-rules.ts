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

/** Region drift of a service that was found with the settings in force. What was found with others may be gone. */
export function foundWithRulesOf<Found extends { readonly rules: string }>(
  service: Service,
  found: readonly Found[],
): readonly Found[] {
  const rules = regionRules(service);
  return found.filter((one) => one.rules === rules);
}
