import type { components, operations } from './schema.js';

/** The JSON forms of the API that pages speak of. */
type Schemas = components['schemas'];
export type Build = Schemas['Build'];
export type Step = Build['steps'][number];
export type BuildStatus = Build['status'];
export type Decision = Schemas['ListedDecision'];
export type Overview = Schemas['Overview'];
export type Graph = operations['getGraph']['responses'][200]['content']['application/json'];
export type System = operations['getSystem']['responses'][200]['content']['application/json'];
export type OverviewRow = Schemas['OverviewRow'];
