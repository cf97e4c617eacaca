import { builtInDefaults } from './defaults.js';
import Type, { type Static } from 'typebox';
import { deploySchema } from './deploy-schema.js';
import { list, mapping, named, text } from './schema-parts.js';

const patterns = (description: string) =>
  list(text('path-pattern', 'A glob, or a regular expression after `regex:`.'), description);
const branchPatterns = (description: string) =>
  list(text('branch-pattern', 'A glob, or a regular expression after `regex:`, over the whole name.'), description);

const settings = {
  repository: Type.Optional(
    text('repository', 'Repository of the source, owner/name. The only setting without a default.', {
      examples: ['abc/java-service-1'],
    }),
  ),
  path: Type.Optional(
    text('folder-in-repository', 'Folder of the service in its repository.', { default: builtInDefaults.service.path }),
  ),
  branches: Type.Optional(branchPatterns('Branches that are built. Default: main, master and release/*.')),
  gitTags: Type.Optional(branchPatterns('Git tags that give an image tag of the same version. Default: none.')),
  includedRegions: Type.Optional(
    Type.Union([Type.Literal('auto'), patterns('Patterns over repository-relative paths.')], {
      title: '`auto` or a list of patterns',
      description:
        'Which changes matter: a list of patterns (an empty one: every path), or `auto` to derive them from the Dockerfile. Default: everything in `path`.',
    }),
  ),
  excludedRegions: Type.Optional(
    patterns('Changes that do not matter, even if an included pattern takes them. Default: none.'),
  ),
  context: Type.Optional(text('folder-in-repository', 'Build context, a folder of the repository. Default: `path`.')),
  dockerfile: Type.Optional(
    text(
      'file-in-repository',
      'Dockerfile, relative to the repository. Default: docker/Dockerfile or Dockerfile in `path`, else the central one.',
    ),
  ),
  target: Type.Optional(text('text', 'Stage of the Dockerfile to build. Default: the last.')),
  buildArgs: Type.Optional(
    named(
      /^[^\s=]+$/,
      'a name without blanks and "="',
      Type.Union([Type.String(), Type.Number(), Type.Boolean()], { title: 'text, a number or a truth value' }),
      'Build arguments. Those of `defaults` are added unless the service has one of the same name.',
    ),
  ),
  secrets: Type.Optional(
    named(
      /^[A-Za-z0-9_.-]+$/,
      'an id of letters, digits and "_", ".", "-"',
      text('secret', 'The value: `${NAME}`.'),
      'Secrets for `RUN --mount=type=secret,id=…`, by id. Those of `defaults` are added unless the service has one of the same id.',
    ),
  ),
  version: Type.Optional(
    mapping(
      'Official version: a file that states it, or a value. Default: VERSION, package.json, pom.xml, gradle.properties or pyproject.toml.',
      {
        file: Type.Optional(
          text('file-in-service', 'File that states the version, relative to `path`.', { examples: ['pom.xml'] }),
        ),
        value: Type.Optional(Type.Union([text('text', 'The version.'), Type.Number()], { title: 'text or a number' })),
        pattern: Type.Optional(
          text('version-pattern', 'Regular expression over the whole text: what counts as a version.', {
            examples: ['release-\\d+'],
          }),
        ),
      },
    ),
  ),
  trigger: Type.Optional(
    Type.Enum(['push', 'artifact'], {
      default: builtInDefaults.service.trigger,
      description: 'What starts builds: pushes, or artifacts sent by Jenkins.',
    }),
  ),
  artifact: Type.Optional(
    text('file-in-repository', 'Where a sent artifact lands, relative to the repository.', {
      examples: ['target/app.jar'],
    }),
  ),
  image: Type.Optional(text('image', "Name of the image in the registry. Default: the service's name.")),
  builds: Type.Optional(
    Type.Enum(['latest', 'every-push'], {
      default: builtInDefaults.service.builds,
      description: 'Build the newest head only, or every push.',
    }),
  ),
  reuse: Type.Optional(
    Type.Union([Type.Boolean(), text('duration', 'Maximum age of a reused image.')], {
      title: 'true, false, or a maximum age such as 7d',
      default: builtInDefaults.service.reuse,
      description: 'Reuse an existing image of equal inputs: true, false, or up to an age.',
    }),
  ),
  branchTag: Type.Optional(
    Type.Boolean({
      default: builtInDefaults.service.branchTag,
      description: 'A tag of the name of the branch, moved by each build of its head. false: none.',
    }),
  ),
  extraTags: Type.Optional(
    named(
      /^\S+$/,
      'the name of a branch',
      list(text('image-tag', 'A tag.', { examples: ['latest'] }), 'Tags that the branch moves.'),
      'Further tags that builds of a branch move, by branch. Default: none.',
    ),
  ),
  cascade: Type.Optional(
    Type.Boolean({
      default: builtInDefaults.service.cascade,
      description: 'Build again when a base image that another service makes has a newer image.',
    }),
  ),
};

/** Settings of a service as written. `defaults` has the same ones, except `deploy`. A cross-check ensures that `repository` is given in one of them. */
export const serviceSchema = mapping('One image that is kept up to date.', {
  ...settings,
  deploy: Type.Optional(deploySchema),
});
export const defaultsSchema = mapping('Settings of every service that does not set them itself.', settings);

export const servicesSchema = named(
  /^[a-z0-9][a-z0-9._-]{0,127}$/,
  'a service name: [a-z0-9][a-z0-9._-]*, at most 128 characters',
  serviceSchema,
  'The services, by name.',
);

export type WrittenService = Static<typeof serviceSchema>;
