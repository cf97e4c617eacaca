import Type, { type Static, type TSchema } from 'typebox';
import { triggerKinds } from '../model/trigger.js';

/** JSON forms that several answers share. Each is a named component of the OpenAPI document. */

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Text = Type.String();
const Time = Type.String({ format: 'date-time' });
/** Refers to a component by name, typed as its target. */
const ref = <T extends TSchema>(_schema: T, name: string) => Type.Unsafe<Static<T>>({ $ref: `${name}#` });

const Problem = Type.Object(
  {
    type: Text,
    title: Text,
    status: Type.Integer(),
    detail: Text,
    code: Type.String({ description: 'Stable; what a program branches on.' }),
    instance: Type.Optional(Text),
  },
  { $id: 'Problem', description: 'RFC 9457.', additionalProperties: true },
);

const Reason = Type.Object({
  code: Text,
  message: Text,
  paths: Type.Array(Text, { description: 'The first 20.' }),
  patterns: Type.Array(Text),
});

const Image = Type.Object({
  repository: Text,
  digest: Text,
  tags: Type.Array(Text, {
    description:
      'Bare names, the version tag first. A build has those that it wrote; a branch tag may name another image by now.',
  }),
});

const Warning = Type.Object(
  { service: Text, message: Text },
  { description: 'No fault, but something that somebody should know of a service.' },
);

const WaitingFor = Type.Object(
  {
    code: Type.String({
      description:
        '`service-busy`, `base-building`, `burst`, `slot`, `low-disk`, `paused`, or the error code that is waited out.',
    }),
    message: Text,
    until: nullable(Time),
  },
  { description: 'Why it has not begun. `until`: when it is tried again; null: when the cause is gone.' },
);

const Blame = Type.Enum([
  'dockerfile',
  'run-file',
  'service',
  'source',
  'engine',
  'host',
  'balancer',
  'registry',
  'slipway',
]);

const Step = Type.Object({
  name: Text,
  kind: Type.Enum(['slipway', 'dockerfile', 'engine'], {
    description: "Slipway's own work, an instruction of the Dockerfile, or other work of the engine.",
  }),
  startedAt: Time,
  finishedAt: nullable(Time),
  cached: Type.Boolean({ description: 'The engine had its result already.' }),
  reused: Type.Boolean({ description: 'Its work was taken over from an existing image, or an earlier attempt.' }),
  line: nullable(Type.Integer({ description: 'Its first line in the log, from 1. Null: unknown, or it wrote none.' })),
  dockerfile: nullable(
    Type.Object(
      { from: Type.Integer(), to: Type.Integer() },
      { description: 'Lines of the Dockerfile that have the instruction, from 1.' },
    ),
  ),
});

const TraceId = Type.String({
  description: 'Of the OpenTelemetry trace that it belongs to. Null: it belongs to none.',
});

const Build = Type.Object(
  {
    id: Text,
    service: Text,
    branch: Text,
    commit: Text,
    status: Type.Enum(['queued', 'running', 'succeeded', 'failed', 'canceled', 'superseded']),
    outcome: nullable(Type.Enum(['built', 'reused'])),
    trigger: Type.Object({
      kind: Type.Enum([...triggerKinds]),
      deliveryId: nullable(Text),
      by: nullable(Text),
    }),
    reason: Reason,
    waitingFor: nullable(WaitingFor),
    position: nullable(
      Type.Integer({ description: 'Of a queued build: 1 is begun next. Those that cannot begin yet come last.' }),
    ),
    attempt: Type.Integer({ description: 'From 1.' }),
    notBefore: nullable(Type.String({ format: 'date-time', description: 'It does not begin before that.' })),
    wasHead: nullable(
      Type.Boolean({ description: 'Whether the commit was the tip of the branch when the build began.' }),
    ),
    reusedFrom: nullable(Type.String({ description: 'The build whose image it reused.' })),
    warnings: Type.Array(Warning, { description: 'What somebody should know of it.' }),
    dockerfile: nullable(
      Type.Object({ source: Type.Enum(['application', 'central']), path: Text, commit: nullable(Text) }),
    ),
    version: Type.Optional(
      Type.Object(
        { value: Text, from: nullable(Text) },
        {
          description:
            'Once it is known. `from`: `the call`, `version.value`, or the file in the repository; null if nothing states one.',
        },
      ),
    ),
    image: nullable(Image),
    error: nullable(
      Type.Object({
        code: Text,
        message: Text,
        step: nullable(Text),
        stepIndex: nullable(Type.Integer({ description: 'In `steps`.' })),
        blame: Blame,
      }),
    ),
    queuedAt: Time,
    startedAt: nullable(Time),
    finishedAt: nullable(Time),
    steps: Type.Array(Step),
    traceId: Type.Optional(nullable(TraceId)),
  },
  { $id: 'Build', description: 'One run that makes, or reuses, an image.' },
);

const Decision = Type.Object(
  {
    service: Text,
    branch: Text,
    decision: Type.Enum(['build', 'skip']),
    reason: Reason,
    base: nullable(Text),
    head: nullable(Text),
    buildId: nullable(Text),
  },
  { $id: 'Decision', description: 'What was decided for one service and branch, and why.' },
);

const ListedDecision = Type.Object(
  {
    id: Type.Integer({ description: 'Newer ones have greater ids.' }),
    ...Decision.properties,
    at: Time,
    trigger: Type.Object({ kind: Type.Enum([...triggerKinds]), deliveryId: nullable(Text), by: nullable(Text) }),
    coveredBy: nullable(
      Type.String({ description: 'For a skip: the build whose image has all of the head that counts.' }),
    ),
  },
  { $id: 'ListedDecision', description: 'A decision with when it was made and what led to it.' },
);

const Delivery = Type.Object(
  {
    id: Text,
    event: Text,
    repository: nullable(Text),
    branch: nullable(Text),
    before: nullable(Text),
    after: nullable(Text),
    receivedAt: Time,
    status: Type.Enum(['accepted', 'planned', 'ignored', 'failed']),
    reason: nullable(Text),
    waitingFor: Type.Optional(WaitingFor),
    decisions: Type.Array(ref(Decision, 'Decision')),
    warnings: Type.Optional(Type.Array(Warning, { description: 'Left out where there are none.' })),
  },
  { $id: 'Delivery', description: 'One webhook request, kept with its decisions.' },
);

const LedgerEntry = Type.Object(
  {
    at: Time,
    by: Type.Union([Text, Type.Null()], { description: 'Who pushed or asked.' }),
    builds: Type.Integer({ description: 'Services and branches that were built because of it.' }),
    waits: Type.Integer({ description: 'Those that wait for an artifact.' }),
    skips: Type.Integer({ description: 'Those with nothing to build.' }),
    delivery: nullable(Type.Omit(Delivery, ['decisions'])),
    decision: nullable(ref(ListedDecision, 'ListedDecision')),
  },
  { description: 'A delivery, or a decision that no delivery led to. Exactly one of the two is there.' },
);

const BranchWarning = Type.Object({
  message: Text,
  dockerfile: nullable(
    Type.Object(
      { path: Text, line: Type.Integer({ description: 'From 1.' }) },
      { description: 'The instruction of the Dockerfile, in its repository. Null: not known, or not about one.' },
    ),
  ),
});

const Service = Type.Object(
  {
    name: Text,
    repository: Text,
    path: Text,
    trigger: Type.Enum(['push', 'artifact']),
    image: Type.String({ description: 'Repository name in the registry.' }),
    branches: Type.Array(
      Type.Object({
        branch: Text,
        head: nullable(Text),
        image: nullable(Image),
        lastBuild: nullable(ref(Build, 'Build')),
        warnings: Type.Array(BranchWarning, {
          description: 'Where regions and Dockerfile had drifted apart when the branch was last looked at.',
        }),
      }),
    ),
  },
  { $id: 'Service', description: 'A service with what is known of its branches.' },
);

const Release = Type.Object(
  {
    service: Text,
    number: Type.Integer({ description: 'Counts over all branches of the service: 1, 2, 3 …' }),
    branch: Type.String({ description: 'Or `refs/tags/NAME`.' }),
    commit: Text,
    image: Type.Object({
      repository: Text,
      digest: Text,
      tags: Type.Array(Text, { description: 'Those that it had when the release was made, the version tag first.' }),
    }),
    runFile: Type.Object({
      source: Type.Enum(['application', 'central', 'none']),
      path: nullable(Text),
      commit: nullable(Text),
      overlays: Type.Array(Text, { description: 'The environments that have an overlay beside it.' }),
    }),
    buildId: nullable(Type.String({ description: 'The build that made the image. Null: it is not known any more.' })),
    createdAt: Time,
    verdicts: Type.Array(
      Type.Object({
        environment: Text,
        verdict: Type.Enum(['verified', 'failed', 'unknown']),
        code: nullable(Text),
        at: nullable(Time),
        deploymentId: nullable(Text),
      }),
      { description: 'Whether it was verified in each environment, and if not, why.' },
    ),
  },
  { $id: 'Release', description: 'An image with the run file that belongs to it. Immutable.' },
);

/** All components, each registered once. */
export const components = [Problem, Build, Decision, ListedDecision, Delivery, Service, Release] as const;

export type ProblemJson = Static<typeof Problem>;
export type BuildJson = Static<typeof Build>;
export type DecisionJson = Static<typeof Decision>;
export type ListedDecisionJson = Static<typeof ListedDecision>;
export type WarningJson = Static<typeof Warning>;
export type DeliveryJson = Static<typeof Delivery>;
export type ServiceJson = Static<typeof Service>;
export type ReleaseJson = Static<typeof Release>;

/** An entry of the ledger. */
export const ledgerEntry = LedgerEntry;
export type LedgerEntryJson = Static<typeof LedgerEntry>;

export const schemas = {
  build: ref(Build, 'Build'),
  decision: ref(Decision, 'Decision'),
  listedDecision: ref(ListedDecision, 'ListedDecision'),
  warning: Warning,
  delivery: ref(Delivery, 'Delivery'),
  service: ref(Service, 'Service'),
  release: ref(Release, 'Release'),
  image: Image,
  blame: Blame,
  traceId: TraceId,
  nullable,
} as const;
