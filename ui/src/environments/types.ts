import type { components, paths } from '../api/schema.js';
import type { Environment } from '../api/types.js';

export type { Deployment, Environment } from '../api/types.js';

/** The JSON forms of what runs where. */
export type Matrix = components['schemas']['Matrix'];
export type MatrixEnvironment = Matrix['environments'][number];
export type MatrixRow = Matrix['services'][number];
export type MatrixCell = MatrixRow['cells'][number];
export type ServiceThere = Environment['services'][number];
export type ServiceOnHost = ServiceThere['hosts'][number];
export type Container =
  paths['/api/v1/environments/{environment}/hosts/{host}/containers']['get']['responses'][200]['content']['application/json']['containers'][number];
