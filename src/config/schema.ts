import Type, { type Static } from 'typebox';
import { builtInDefaults } from './defaults.js';
import { appSchema, mailSchema, noticesSchema } from './notice-schema.js';
import { environmentsSchema } from './environment-schema.js';
import { defaultsSchema, servicesSchema } from './service-schema.js';
import { certificates, list, mapping, text } from './schema-parts.js';

const size = (description: string, standard: string) =>
  Type.Optional(
    Type.Union([text('size', 'A size with its unit.'), Type.Integer({ minimum: 0 })], {
      title: 'a size such as 512MiB',
      description,
      default: standard,
    }),
  );

const kept = (description: string, standard: string) =>
  Type.Optional(text('duration', description, { default: standard }));

const server = mapping('The HTTP server and its files.', {
  listen: Type.Optional(text('listen', 'Address and port to listen at.', { default: builtInDefaults.server.listen })),
  publicUrl: Type.Optional(
    text('http-url', 'Address at which people reach this server; for links in commit statuses.'),
  ),
  dataDir: Type.Optional(
    text('text', 'Folder of mirrors, logs, artifacts and the embedded database.', {
      default: builtInDefaults.server.dataDir,
    }),
  ),
  instance: Type.Optional(
    text('instance-name', 'Name by which this server knows its own containers. No two servers have the same.', {
      default: builtInDefaults.server.instance,
    }),
  ),
});

const token = mapping('A bearer token and what it may do.', {
  name: text('text', 'Name that the log and the builds show.'),
  token: text('secret', 'The token itself: `${NAME}`.'),
  scopes: Type.Array(Type.Enum(['read', 'build', 'deploy', 'admin']), {
    minItems: 1,
    description: '`build` and `deploy` include `read`, `admin` includes all.',
  }),
  environments: Type.Optional(
    list(text('text', 'An environment.'), 'Environments that it may deploy to. Default: all.'),
  ),
});

const access = mapping('Who may call the API.', {
  anonymousRead: Type.Optional(
    Type.Boolean({ default: builtInDefaults.access.anonymousRead, description: 'Whether reading needs no token.' }),
  ),
  metrics: Type.Optional(
    Type.Enum(['open', 'token'], {
      default: builtInDefaults.access.metrics,
      description: 'Whether /metrics needs a token.',
    }),
  ),
  tokens: Type.Optional(list(token, 'The tokens.')),
});

const github = mapping('The git host.', {
  webhookSecrets: Type.Array(text('secret', 'A webhook secret: `${NAME}`.'), {
    minItems: 1,
    description: 'Secrets of the webhook; several while one is being replaced.',
  }),
  cloneUrl: Type.Optional(
    text('clone-url', 'Where repositories are cloned from; {repository} is owner/name.', {
      default: builtInDefaults.github.cloneUrl,
    }),
  ),
  token: Type.Optional(Type.String({ description: 'For private clones and commit statuses: `${NAME}`.' })),
  apiUrl: Type.Optional(text('http-url', 'Address of the REST API.', { default: builtInDefaults.github.apiUrl })),
  app: Type.Optional(appSchema),
  statuses: Type.Optional(
    Type.Enum(['service', 'summary'], {
      description:
        'A commit status for each service, or one for all. Default: `summary` in repositories that more than 20 services use.',
    }),
  ),
  pullRequests: Type.Optional(
    // Tools that follow YAML 1.1 read `off` as false, and write that.
    Type.Union([Type.Enum(['plan', 'off']), Type.Literal(false)], {
      title: '`plan` or `off`',
      description: 'Whether pull requests are shown what they would rebuild.',
      default: builtInDefaults.github.pullRequests,
    }),
  ),
});

const git = mapping('How the git host is read.', {
  shortcut: Type.Optional(
    Type.Boolean({
      default: true,
      description:
        'false: everything is fetched with the git program. Slower, for hosts or proxies that the short way does not suit.',
    }),
  ),
});

const registry = mapping('The private registry.', {
  host: text('registry-host', 'Prefix of image names, host[:port].', { examples: ['registry.abc.net'] }),
  username: Type.Optional(Type.String({ description: 'Who logs in. Default: nobody.' })),
  password: Type.Optional(Type.String({ description: 'The password: `${NAME}`.' })),
  insecure: Type.Optional(
    Type.Boolean({ default: builtInDefaults.registry.insecure, description: 'true: plain http.' }),
  ),
  pull: Type.Optional(
    mapping('How the hosts of environments sign in. Default: as above.', {
      username: text('text', 'Who logs in.'),
      password: text('secret', 'The password: `${NAME}`.'),
    }),
  ),
});

const engine = mapping('The Docker Engine.', {
  host: Type.Optional(
    text('engine-host', 'unix:// socket or tcp:// address.', { default: builtInDefaults.engine.host }),
  ),
  tls: Type.Optional(certificates()),
  concurrency: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 256,
      default: builtInDefaults.engine.concurrency,
      description: 'Builds that run side by side.',
    }),
  ),
  timeout: Type.Optional(text('timer', 'How long one build may take.', { default: builtInDefaults.engine.timeout })),
  frontends: Type.Optional(
    Type.Array(text('frontend', 'Image name without tag and digest.', { examples: ['docker/dockerfile'] }), {
      default: builtInDefaults.engine.frontends,
      description: 'Images that a `# syntax=` line may name, in any version. An empty list: none.',
    }),
  ),
});

const dockerfiles = mapping('Central dockerfiles: a local folder, or a git repository of its own.', {
  path: Type.Optional(text('text', 'Local folder.', { default: builtInDefaults.dockerfiles.path })),
  repository: Type.Optional(text('repository', 'Repository, owner/name.')),
  branch: Type.Optional(text('branch-name', 'Branch of the repository. Default: its default branch.')),
});

/** The configuration file as written. formats.ts checks formats, rules.ts checks settings against each other. */
export const configSchema = mapping('Configuration of Slipway.', {
  server: Type.Optional(server),
  database: Type.Optional(
    text('database', 'Where state is kept: `embedded` is SQLite in dataDir.', { default: builtInDefaults.database }),
  ),
  access: Type.Optional(access),
  github,
  git: Type.Optional(git),
  registry,
  engine: Type.Optional(engine),
  dockerfiles: Type.Optional(dockerfiles),
  sweep: Type.Optional(
    // Tools that follow YAML 1.1 read `off` as false, and write that.
    Type.Union([text('timer-or-off', 'A duration, or `off`.'), Type.Literal(false)], {
      title: '`off`, or a duration of at most 24d such as 5m',
      description: 'How often missed changes are looked for; `off` (or false) to stop.',
      default: builtInDefaults.sweep,
    }),
  ),
  callbacks: Type.Optional(
    mapping('Where finished builds may be reported to.', {
      allowedHosts: Type.Optional(list(text('host', 'A host name.'), 'Hosts that a callbackUrl may name.')),
    }),
  ),
  notices: Type.Optional(noticesSchema),
  mail: Type.Optional(mailSchema),
  limits: Type.Optional(
    mapping('Sizes that are not exceeded.', {
      artifact: size('Largest artifact.', builtInDefaults.limits.artifact),
      log: size('Largest log of one build.', builtInDefaults.limits.log),
      freeDisk: size('No build starts with less free disk space than this.', builtInDefaults.limits.freeDisk),
    }),
  ),
  retention: Type.Optional(
    mapping('How long things are kept.', {
      logs: kept('Logs of ended builds and deployments, and idempotency keys.', builtInDefaults.retention.logs),
      deliveries: kept('Deliveries that are settled.', builtInDefaults.retention.deliveries),
      decisions: kept('Decisions, except the newest of each branch.', builtInDefaults.retention.decisions),
      artifacts: kept("Artifacts that are not their branch's newest.", builtInDefaults.retention.artifacts),
      deployments: kept(
        'Ended deployments, except those that are or were desired.',
        builtInDefaults.retention.deployments,
      ),
      audit: kept('Entries of the audit list.', builtInDefaults.retention.audit),
    }),
  ),
  environments: Type.Optional(environmentsSchema),
  defaults: Type.Optional(defaultsSchema),
  services: servicesSchema,
});

export type WrittenConfig = Static<typeof configSchema>;
