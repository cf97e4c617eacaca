import type { components, operations, paths } from './schema.js';

/** The JSON forms of the API that pages speak of. */
type Schemas = components['schemas'];
export type Build = Schemas['Build'];
export type Step = Build['steps'][number];
export type BuildStatus = Build['status'];
export type Decision = Schemas['ListedDecision'];
export type Delivery = Schemas['Delivery'];
export type LedgerEntry = Answer<paths['/api/v1/ledger']['get']>['entries'][number];
export type LedgerDelivery = NonNullable<LedgerEntry['delivery']>;
export type Webhooks = Answer<paths['/api/v1/webhooks']['get']>;
export type Rules = Answer<paths['/api/v1/services/{name}/rules']['get']>;
export type Service = Schemas['Service'];
export type Overview = Schemas['Overview'];
export type Graph = operations['getGraph']['responses'][200]['content']['application/json'];
export type System = operations['getSystem']['responses'][200]['content']['application/json'];
export type OverviewRow = Schemas['OverviewRow'];
export type Why = Schemas['Why'];
export type Release = Schemas['Release'];
export type Deployment = Schemas['Deployment'];
export type DeploymentHost = Deployment['hosts'][number];

type Answer<Call> = Call extends { responses: { 200: { content: { 'application/json': infer Body } } } } ? Body : never;
export type Environment = Answer<paths['/api/v1/environments/{environment}']['get']>;
export type Plan = Answer<paths['/api/v1/deployments']['post']>;
export type PlannedParameter = Plan['hosts'][number]['parameters'][number];
