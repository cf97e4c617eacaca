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
  drift: Type.Array(Type.Object({ field: Text, wanted: nullable(Text), found: nullable(Text) })),
});

const ServiceInEnvironment = Type.Object({
  service: Text,
  desired: nullable(Type.Object({ release: Type.Integer(), tag: nullable(Text) })),
  pending: Type.Array(Type.Object({ field: Text, now: nullable(Text), next: nullable(Text), secret: Type.Boolean() })),
  hosts: Type.Array(ServiceOnHost),
  scale: Type.Object({ running: Type.Integer(), wanted: Type.Integer() }),
  deploymentId: nullable(Text),
});

export const EnvironmentSchema = Type.Object({
  name: Text,
  strategy: Type.Enum(['rolling', 'blue-green']),
  gate: Type.Enum(['switch', 'start']),
  window: nullable(Type.Object({ open: Type.Boolean(), opensAt: nullable(Time), closesAt: nullable(Time) })),
  hold: nullable(Type.Object({ by: Text, reason: Text, until: nullable(Time) })),
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
  services: Type.Array(ServiceInEnvironment, {
    description: 'Those that are deployed here by the configuration, and those whose containers are here.',
  }),
});

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

export type EnvironmentJson = Static<typeof EnvironmentSchema>;
export type ServiceInEnvironmentJson = Static<typeof ServiceInEnvironment>;
export type ServiceOnHostJson = Static<typeof ServiceOnHost>;
export type ContainerJson = Static<typeof ContainerSchema>;
