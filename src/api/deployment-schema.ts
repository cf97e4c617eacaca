import Type, { type Static } from 'typebox';
import { deploymentStatuses } from '../model/deployment.js';
import { schemas } from './schemas.js';

/** JSON forms of deployments and their plans. */

const { nullable } = schemas;
const Text = Type.String();
const Time = Type.String({ format: 'date-time' });
const Lines = Type.Array(Text);

const Faults = Type.Array(
  Type.Object({
    code: Text,
    message: Text,
    file: Text,
    line: Type.Integer(),
    column: Type.Integer(),
    setting: nullable(Text),
  }),
  { description: 'All that is wrong with a run file. `setting`: what the configuration would have to allow or set.' },
);

const Release = Type.Object({
  number: Type.Integer(),
  branch: Text,
  commit: Text,
  tag: nullable(Text),
  digest: Text,
});

const Host = Type.Object({
  host: Text,
  state: Type.Enum(['waiting', 'preparing', 'verifying', 'ready', 'active', 'draining', 'done', 'undone', 'failed']),
  verifications: Type.Array(
    Type.Object({
      at: Time,
      via: Type.Enum(['host', 'balancer']),
      url: Text,
      status: nullable(Type.Integer()),
      answer: nullable(Text),
      expected: Text,
      ok: Type.Boolean(),
    }),
    { description: 'Each distinct answer once.' },
  ),
});

export const DeploymentSchema = Type.Object(
  {
    id: Text,
    kind: Type.Enum(['deployment', 'rollback', 'repair', 'restart', 'stop', 'start', 'adopt']),
    service: Text,
    environment: Text,
    release: nullable(Release),
    from: nullable(Type.Object({ number: Type.Integer(), tag: nullable(Text), digest: Text })),
    status: Type.Enum([...deploymentStatuses]),
    waitingFor: nullable(
      Type.Object(
        {
          code: Type.String({
            description:
              '`build`, `hold`, `approval`, `window`, `deployment`, `slot`, `host`, `registry`, or the error code that is waited out.',
          }),
          message: Text,
          until: nullable(Time),
        },
        {
          description:
            'Why it does not go on. `until`: when it is tried again, or given up if it runs; null: when the cause is gone.',
        },
      ),
    ),
    requestedBy: Text,
    approvals: Type.Array(Type.Object({ by: Text, at: Time })),
    reference: nullable(Text),
    reason: nullable(Text),
    force: Type.Boolean(),
    hosts: Type.Array(Host),
    steps: Type.Array(
      Type.Object({
        name: Text,
        host: nullable(Text),
        startedAt: Time,
        finishedAt: nullable(Time),
        line: nullable(
          Type.Integer({ description: 'Its first line in the log, from 1. Null: unknown, as while it runs.' }),
        ),
        failed: Type.Boolean({
          description: 'It ended with an error. One that was stopped from outside did not fail.',
        }),
      }),
    ),
    warnings: Lines,
    error: nullable(
      Type.Object({
        code: Text,
        message: Text,
        host: nullable(Text),
        blame: schemas.blame,
        faults: Type.Optional(Faults),
      }),
    ),
    createdAt: Time,
    startedAt: nullable(Time),
    finishedAt: nullable(Time),
    traceId: Type.Optional(nullable(schemas.traceId)),
  },
  { $id: 'Deployment', description: 'One request to run a release in an environment, with its history.' },
);

const Parameter = Type.Object({
  name: Text,
  from: nullable(Text),
  to: nullable(Text),
  origin: nullable(
    Type.Object({
      kind: Type.Enum(['file', 'environment', 'service', 'default']),
      path: nullable(Text),
      line: nullable(Type.Integer()),
      commit: nullable(Text),
    }),
  ),
  secret: Type.Boolean(),
});

export const DeploymentPlanSchema = Type.Object(
  {
    service: Text,
    environment: Text,
    release: Type.Integer(),
    hosts: Type.Array(
      Type.Object({
        host: Text,
        action: Type.Enum(['none', 'create', 'replace', 'unknown'], {
          description: '`unknown`: the host is not reachable, or the run file has faults.',
        }),
        image: Type.Object({ from: nullable(Text), to: nullable(Text) }),
        parameters: Type.Array(Parameter, {
          description: 'Those that differ from what was deployed last; all that are set if nothing runs.',
        }),
        interruptionSeconds: nullable(Type.Number()),
      }),
    ),
    commits: Type.Array(Type.Object({ commit: Text, subject: Text, at: Time }), {
      description: 'Those that come with the release, newest first, at most 100.',
    }),
    gates: Type.Array(
      Type.Object({ code: Type.Enum(['hold', 'approval', 'window']), message: Text, until: nullable(Time) }),
      {
        description: 'What would hold it back now. `until`: when that ends by itself.',
      },
    ),
    drift: Type.Array(Type.Object({ host: Text, field: Text, wanted: nullable(Text), found: nullable(Text) })),
    warnings: Lines,
    faults: Faults,
    rollbackTo: nullable(Type.Integer({ description: 'Number of the release that a rollback would go to.' })),
  },
  { description: 'What a deployment would do, by what was seen last. Secrets are not shown.' },
);

export type DeploymentJson = Static<typeof DeploymentSchema>;
export type DeploymentPlanJson = Static<typeof DeploymentPlanSchema>;

/** Refers to the component by its name. */
export const deploymentSchema = Type.Unsafe<DeploymentJson>({ $ref: 'Deployment#' });
