import Type, { type Static } from 'typebox';
import { deploymentStatuses } from '../model/deployment.js';
import { EnvironmentSchema, OrphanedSchema } from './environment-schema.js';
import { schemas } from './schemas.js';

/** JSON forms of the matrix: services, environments and hosts. */

const { nullable } = schemas;
const Text = Type.String();
const Time = Type.String({ format: 'date-time' });

const MatrixHost = Type.Object({
  host: Text,
  state: Type.Enum(['running', 'restarting', 'exited', 'created', 'missing', 'unknown']),
  release: nullable(Type.Integer()),
  tag: nullable(Text),
  startedAt: nullable(Time),
  unhealthy: Type.Boolean(),
  drift: Type.Array(Text, { description: 'The fields that are not as desired.' }),
});

const MatrixCell = Type.Object({
  environment: Text,
  orphaned: Type.Boolean({ description: 'The configuration does not deploy it there any more.' }),
  desired: nullable(
    Type.Object({
      ...{ release: Type.Integer(), branch: Text, commit: Text, tag: nullable(Text), digest: Text },
      wanted: Type.Enum(['running', 'stopped']),
      since: Time,
      by: nullable(Type.String({ description: 'Who asked for it.' })),
      deploymentId: Text,
    }),
  ),
  behind: nullable(
    Type.Integer({
      description:
        'Newer releases of the heads of the branch that is desired there. Null: nothing is desired, or it is of a git tag.',
    }),
  ),
  pending: Type.Integer({ description: 'Fields that the next deployment changes, because the configuration has.' }),
  inStep: Type.Integer({ description: 'Hosts that run what is desired, with nothing that differs.' }),
  total: Type.Integer({ description: 'Hosts that should run it.' }),
  hosts: Type.Array(MatrixHost),
  last: nullable(
    Type.Object(
      {
        id: Text,
        kind: Type.Enum(['deployment', 'rollback', 'repair', 'restart', 'stop', 'start', 'adopt']),
        status: Type.Enum([...deploymentStatuses]),
        ...{ by: Text, at: Time },
        release: nullable(Type.Object({ number: Type.Integer(), tag: nullable(Text) })),
        blocked: Type.Boolean({
          description: 'That release is blocked there: it failed, or somebody rolled back from it.',
        }),
      },
      { description: 'The newest deployment there, and when it was asked for.' },
    ),
  ),
});

const { name, approvals, window, hold, hosts } = EnvironmentSchema.properties;

export const Matrix = Type.Object(
  {
    environments: Type.Array(Type.Object({ name, approvals, window, hold, hosts }), {
      description: 'In the order of promotion.',
    }),
    orphaned: Type.Array(OrphanedSchema),
    services: Type.Array(
      Type.Object({
        service: Text,
        cells: Type.Array(MatrixCell, { description: 'By environment, in their order: those that it has to do with.' }),
      }),
      { description: 'By name.' },
    ),
  },
  { $id: 'Matrix', description: 'What runs where: every service in every environment.' },
);

export type MatrixJson = Static<typeof Matrix>;
export type MatrixCellJson = Static<typeof MatrixCell>;

/** The answer, by the name of its component. */
export const matrixSchema = Type.Unsafe<MatrixJson>({ $ref: 'Matrix#' });
