import Type, { type Static } from 'typebox';
import { schemas } from './schemas.js';

/** JSON forms of the overview. */

const { nullable } = schemas;
const Text = Type.String();
const Time = Type.String({ format: 'date-time' });

export const OverviewRow = Type.Object(
  {
    name: Text,
    repository: Text,
    branch: nullable(
      Type.String({
        description: 'The main branch: what a rebuild takes if none is named. Null: it is not known yet.',
      }),
    ),
    head: nullable(Type.String({ description: 'The one that was decided on last.' })),
    commit: nullable(Type.String({ description: 'Of the newest image of a head, as `tag` and `digest` are.' })),
    tag: nullable(Type.String({ description: 'The version tag.' })),
    digest: nullable(Text),
    state: Type.Enum(
      [
        ...(['built', 'reused', 'running', 'queued', 'failed', 'canceled', 'superseded'] as const),
        ...(['skipped', 'waits-for-artifact', 'none'] as const),
      ],
      { description: '`skipped`: nothing to build. `failed` stays until something is built. `none`: never built.' },
    ),
    at: nullable(Time),
    sentence: Type.String({ description: 'Why it was built or not, where it failed, or what it waits for.' }),
    buildId: nullable(Text),
    step: nullable(Type.String({ description: 'What the running build is at.' })),
    startedAt: nullable(Time),
    expectedMs: nullable(Type.Integer({ description: 'Median of the last five successful builds of the branch.' })),
    outcomes: Type.String({
      pattern: '^[brfcs-]{0,20}$',
      description:
        'Oldest first: `b` built, `r` reused, `f` failed, `c` canceled, `s` superseded, `-` nothing to build.',
    }),
    drift: Type.Boolean({ description: 'Regions and Dockerfile have drifted apart.' }),
  },
  { $id: 'OverviewRow', description: 'A service as a list shows it.' },
);

export const Overview = Type.Object(
  {
    revision: Type.String({ description: 'Changes whenever the answer may. The `ETag` is made of it.' }),
    counts: Type.Object(
      {
        ...{ failing: Type.Integer(), running: Type.Integer(), queued: Type.Integer() },
        ...{ waitsForArtifact: Type.Integer(), upToDate: Type.Integer(), none: Type.Integer() },
      },
      { description: 'Services by state. Those that are canceled or superseded are in none of them.' },
    ),
    load: Type.Object({ running: Type.Integer(), queued: Type.Integer() }, { description: 'Builds of all branches.' }),
    services: Type.Array(Type.Unsafe<Static<typeof OverviewRow>>({ $ref: 'OverviewRow#' }), {
      description: 'All of them, by name.',
    }),
  },
  { $id: 'Overview', description: 'Every service with its main branch.' },
);

export type OverviewJson = Static<typeof Overview>;

/** The answer, by the name of its component. */
export const overviewSchema = Type.Unsafe<OverviewJson>({ $ref: 'Overview#' });
