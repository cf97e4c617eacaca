import Type, { type Static } from 'typebox';
import { pathKinds } from '../decide/why/path-reasons.js';
import { schemas } from './schemas.js';

/** JSON forms of why a commit was built or not. */

const { nullable } = schemas;
const Text = Type.String();

const pathFields = {
  path: Text,
  counts: Type.Boolean({ description: 'Whether a change of it counts for the service.' }),
  kind: Type.Enum([...pathKinds], {
    description: '`outside`: in no included region. `run-file`: it makes releases, and no image.',
  }),
  by: nullable(Type.String({ description: 'The pattern that caught it.' })),
  setting: nullable(
    Type.String({
      description: 'Where the configuration has the pattern, such as `services.shop.excludedRegions[0]`.',
    }),
  ),
};

export const PathAnswer = Type.Object({
  ...pathFields,
  why: Type.String({ description: 'A sentence.' }),
  commit: nullable(
    Type.String({ description: 'Whose packaging was looked at. Null: none is known, so packaging was left aside.' }),
  ),
});

export const Why = Type.Object(
  {
    decision: schemas.listedDecision,
    commit: Type.String({ description: 'The commit that was asked about, in full.' }),
    isHead: Type.Boolean({
      description: 'False: it was pushed together with later ones, and the decision is about the last of them.',
    }),
    sentence: Type.String({ description: 'What became of it, and why.' }),
    compared: nullable(
      Type.Object(
        {
          base: Text,
          baseTag: nullable(Type.String({ description: 'The version tag of the image of the base.' })),
          head: Text,
          paths: Type.Integer({ description: 'How many differ.' }),
          url: nullable(Type.String({ description: 'Where GitHub shows the difference.' })),
        },
        { description: 'Null: the decision compared nothing.' },
      ),
    ),
    paths: Type.Array(Type.Object(pathFields), {
      description: 'The first 50 that differ, those that count first, as the configuration in force sorts them.',
    }),
    asDecided: Type.Boolean({
      description: 'False: the configuration in force sorts the paths otherwise than the decision did.',
    }),
    coveredBy: nullable(
      Type.Object(
        { image: schemas.image, buildId: Text },
        { description: 'The image that has everything of the commit that counts.' },
      ),
    ),
    ladder: Type.Array(
      Type.Object({
        rule: Type.String({ description: 'The code of the reason that it gives.' }),
        words: Text,
        held: Type.Enum(['yes', 'no', 'not-asked']),
        note: nullable(Text),
      }),
      { description: 'The rules in the order in which they are asked. The first that holds decides.' },
    ),
    chain: Type.Array(
      Type.Object({
        ...{ service: Text, branch: Text, tag: nullable(Text), buildId: Text },
        at: nullable(Type.String({ format: 'date-time' })),
      }),
      { description: 'For a build that a base image led to: the builds of bases, from the first cause.' },
    ),
    others: Type.Array(schemas.listedDecision, {
      description: 'The other decisions about the commit of the decision, newest first: the first 100.',
    }),
    samePush: Type.Array(schemas.listedDecision, {
      description: 'The decisions of the same push about other services, builds first: the first 100.',
    }),
    samePushCount: Type.Integer({ description: 'How many there are in all.' }),
  },
  { $id: 'Why', description: 'A decision with everything that explains it.' },
);

export type WhyJson = Static<typeof Why>;

/** The answer, by the name of its component. */
export const whySchema = Type.Unsafe<WhyJson>({ $ref: 'Why#' });
