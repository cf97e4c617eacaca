import Type, { type Static } from 'typebox';
import { schemas } from './schemas.js';

/** JSON forms of environments and of what runs on their hosts. */

const { nullable } = schemas;
const Text = Type.String();
const Time = Type.String({ format: 'date-time' });

const Port = Type.Object({
  hostIp: Type.String({ description: '`0.0.0.0` or `::` for every address.' }),
  hostPort: Type.Integer(),
  containerPort: Type.Integer(),
  protocol: Type.Enum(['tcp', 'udp', 'sctp']),
});

const ServiceOnHost = Type.Object({
  host: Text,
  release: nullable(Type.Integer()),
  tag: nullable(Text),
  digest: nullable(Text),
  containerId: nullable(Text),
  state: Type.Enum(['running', 'restarting', 'exited', 'created', 'missing', 'unknown'], {
    description:
      '`unknown`: the host is not reachable, or was not asked yet; the other fields are those that were seen last. `missing`: the host has no ' +
      'container of the service.',
  }),
  health: nullable(Type.Enum(['starting', 'healthy', 'unhealthy'])),
  balancer: nullable(Type.Enum(['active', 'drained', 'down', 'unknown'])),
  startedAt: nullable(Time),
  restarts: Type.Integer(),
  lastExit: nullable(Type.Object({ code: Type.Integer(), oom: Type.Boolean(), at: Time })),
  drift: Type.Array(Type.Object({ field: Text, wanted: nullable(Text), found: nullable(Text) }), {
    description:
      'Fields that are not as desired, such as `image`, `state` (of the container, or `missing`), `mem_limit`, `environment.NAME`; ' +
      '`does-not-stay-up`: three repairs in ten minutes did not help. `unknown-deployment`: the database does not know it. Null: not set; for parameters also if the caller has no token.',
  }),
});

const ServiceInEnvironment = Type.Object({
  service: Text,
  orphaned: Type.Boolean({
    description: 'The configuration does not deploy it here any more. What runs of it is left as it is.',
  }),
  desired: nullable(Type.Object({ release: Type.Integer(), tag: nullable(Text) })),
  pending: Type.Array(Type.Object({ field: Text, now: nullable(Text), next: nullable(Text), secret: Type.Boolean() }), {
    description:
      'What the next deployment changes, because the configuration has changed. Null: not set, or the caller has no token.',
  }),
  hosts: Type.Array(ServiceOnHost),
  scale: Type.Object(
    { running: Type.Integer(), wanted: Type.Integer() },
    { description: 'Hosts that run it, and that should.' },
  ),
  deploymentId: nullable(Text),
});

export const HoldSchema = Type.Object(
  { by: Text, reason: Text, until: nullable(Time) },
  { description: 'Who holds back deployments there. `until` null: until somebody lifts it.' },
);

export const EnvironmentSchema = Type.Object({
  name: Text,
  strategy: Type.Enum(['rolling', 'blue-green']),
  gate: Type.Enum(['switch', 'start']),
  window: nullable(
    Type.Object(
      { open: Type.Boolean(), opensAt: nullable(Time), closesAt: nullable(Time) },
      { description: 'Null: it has none, and is always open. `opensAt`, `closesAt`: within a week, else null.' },
    ),
  ),
  hold: nullable(HoldSchema),
  approvals: Type.Integer({ description: 'How many tokens have to approve a deployment, besides the one that asked.' }),
  hosts: Type.Array(
    Type.Object({
      name: Text,
      address: Text,
      reachable: nullable(Type.Boolean()),
      since: nullable(Time),
      observedAt: nullable(Time),
    }),
    {
      description:
        '`reachable`, and `since` when. Null: the host was not asked yet. `observedAt`: when its containers were seen last.',
    },
  ),
  orphanedHosts: Type.Array(Text, {
    description: 'Hosts that a release was deployed to and that have left the configuration.',
  }),
  services: Type.Array(ServiceInEnvironment, {
    description:
      'Those that are deployed here by the configuration, those that are desired, and those whose containers are here.',
  }),
});

export const OrphanedSchema = Type.Object(
  { environment: Text, services: Type.Array(Text) },
  { description: 'An environment that has left the configuration, with what was desired there.' },
);

export const ContainerSchema = Type.Object({
  id: Text,
  name: Text,
  image: Text,
  state: Type.Enum(['created', 'running', 'restarting', 'paused', 'exited', 'dead', 'removing']),
  ours: Type.Boolean({ description: 'By its seal, in this environment.' }),
  service: nullable(Text),
  release: nullable(Type.Integer()),
  ports: Type.Array(Port),
});

export type HoldJson = Static<typeof HoldSchema>;
export type EnvironmentJson = Static<typeof EnvironmentSchema>;
export type ServiceInEnvironmentJson = Static<typeof ServiceInEnvironment>;
export type ServiceOnHostJson = Static<typeof ServiceOnHost>;
export type ContainerJson = Static<typeof ContainerSchema>;
