import Type, { type Static } from 'typebox';
import { allowSchema, variablesSchema, verifySchema } from './environment-schema.js';
import { list, mapping, named, text } from './schema-parts.js';

const anyName = /^[a-z0-9][a-z0-9-]{0,31}$/;

/** How a service is deployed. Nothing of it is a build setting. */
export const deploySchema = mapping('Where and how the service is deployed. Shapes no image.', {
  file: Type.Optional(
    text(
      'file-in-repository',
      'Run file, relative to the repository. Default: docker/compose.yaml in `path` or another name of Compose, else the central one.',
    ),
  ),
  environments: list(text('text', 'An environment.'), 'Environments that the service is deployed in.'),
  variables: Type.Optional(
    named(
      anyName,
      'an environment',
      variablesSchema('Variables of the service in one environment.'),
      'Variables for run files by environment, seen by this service alone. They win over those of the environment.',
    ),
  ),
  allow: Type.Optional(
    named(
      anyName,
      'an environment',
      allowSchema('What the run file may ask for in one environment.'),
      'What the run file may ask for by environment, besides what the environment allows.',
    ),
  ),
  verify: Type.Optional(verifySchema),
  formerly: Type.Optional(
    text('service-name', 'Former name of the service, whose containers and releases it takes over.'),
  ),
});

export type WrittenDeploy = Static<typeof deploySchema>;
