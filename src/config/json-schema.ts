import { configSchema } from './schema.js';

/** JSON Schema of the configuration file, for completion and checks in editors; config/slipway.schema.json holds it. */
export function configJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Configuration of Slipway',
    // Through JSON: what TypeBox keeps for itself is not written.
    ...(JSON.parse(JSON.stringify(configSchema)) as Record<string, unknown>),
  };
}
