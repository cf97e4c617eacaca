import Type, { type Static } from 'typebox';
import { builtInDefaults } from './defaults.js';
import { certificates, list, mapping, named, text } from './schema-parts.js';

const { environment } = builtInDefaults;

const named32 = (what: string) => `${what}: [a-z0-9][a-z0-9-]*, at most 32 characters`;
const shortName = /^[a-z0-9][a-z0-9-]{0,31}$/;

/** Variables by name, for run files. */
export const variablesSchema = (description: string) =>
  named(
    /^[A-Za-z_][A-Za-z0-9_]*$/,
    'a variable: letters, digits and "_", no digit first',
    Type.Union([Type.String(), Type.Number(), Type.Boolean()], { title: 'text, a number or a truth value' }),
    description,
  );

/** What run files may ask for. */
export const allowSchema = (description: string) =>
  mapping(description, {
    privileged: Type.Optional(Type.Boolean({ default: false, description: '`privileged`.' })),
    hostNetwork: Type.Optional(Type.Boolean({ default: false, description: '`network_mode: host`.' })),
    devices: Type.Optional(list(text('path-on-host', 'A device of the host.'), 'Devices. Default: none.')),
    capAdd: Type.Optional(
      list(text('capability', 'A capability, or ALL.', { examples: ['NET_ADMIN'] }), 'Capabilities. Default: none.'),
    ),
    securityOpt: Type.Optional(list(text('text', 'An option, in full.'), 'Security options. Default: none.')),
    sysctls: Type.Optional(list(text('sysctl', 'Its name.'), 'Kernel parameters. Default: none.')),
    binds: Type.Optional(
      list(
        text('path-on-host', 'A folder or file of the host.'),
        'Folders of the host, with all that is in them. An engine’s socket only by its own name. Default: none.',
      ),
    ),
  });

/** Settings of `verify`, as run files have them. */
export const verifySchema = mapping('How a container is asked which version it runs. Wins over that of the run file.', {
  scheme: Type.Optional(Type.Enum(['http', 'https'], { description: 'Default: http.' })),
  host: Type.Optional(text('verify-host', 'Host header. Default: the address that is asked.')),
  port: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 65_535,
      description: 'Port of the container. Default: its only published one.',
    }),
  ),
  path: Type.Optional(text('verify-path', 'Path that is asked.', { examples: ['/api/v1/version'] })),
  headers: Type.Optional(
    named(
      /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/,
      'the name of a header',
      text('header-value', 'Its value.'),
      'Further headers of the request.',
    ),
  ),
  json: Type.Optional(text('json-pointer', 'Where a JSON answer has the version.', { examples: ['/version'] })),
  header: Type.Optional(text('header-name', 'The header that has it.')),
  body: Type.Optional(text('body-pattern', '`regex:` and a regular expression that finds it in the answer.')),
  expect: Type.Optional(
    text('text', '`tag`, `commit`, `version`, or a fixed text. Default: tag.', {
      examples: ['tag', 'commit', 'version'],
    }),
  ),
});

const host = mapping('A Docker Engine.', {
  engine: text('host-engine', 'unix:///path/of/the/socket, tcp://host:port or ssh://user@host.'),
  tls: Type.Optional(certificates()),
  address: text('host-address', 'Host name or IP address at which its published ports are reached.'),
  publish: Type.Optional(text('ip-address', 'IP address that ports are published on. Default: all.')),
});

const words = (format: 'command-word' | 'host-command-word', description: string) =>
  Type.Array(text(format, 'The program, or an argument.'), { minItems: 1, description });

const balancer = mapping('What sends requests to the hosts.', {
  haproxy: Type.Optional(
    mapping('HAProxy, over its admin socket. `{service}` stands for the name of the service.', {
      sockets: Type.Array(text('admin-socket', 'Path of an admin socket, or ssh://user@host/path of one.'), {
        minItems: 1,
        description: 'Admin sockets, one for each HAProxy. A change goes to all.',
      }),
      stateFile: Type.Optional(
        text('absolute-path', 'File that keeps states over a reload. Default: none, and a reload undoes a switch.'),
      ),
      backend: text('haproxy-name', 'Name of the backend.', { examples: ['bk_{service}'] }),
      servers: named(
        shortName,
        named32('a host'),
        text('haproxy-name', 'Name of the server.'),
        'The server of each host, by the name of the host.',
      ),
    }),
  ),
  command: Type.Optional(
    mapping('Programs. `{service}` and `{host}` stand for the names of the service and the host.', {
      observe: words('command-word', 'Says which hosts are active.'),
      enable: words('host-command-word', 'Makes a host active.'),
      drain: words('host-command-word', 'Takes a host out.'),
    }),
  ),
  address: Type.Optional(
    text('balancer-url', 'Address at which verification asks through the balancer. Default: it does not.', {
      examples: ['http://{service}.abc.net'],
    }),
  ),
});

const window = mapping('A time of the week.', {
  days: Type.Optional(
    Type.Array(Type.Enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']), {
      minItems: 1,
      description: 'Days on which it begins. Default: every day.',
    }),
  ),
  from: text('time-of-day', 'When it begins.', { examples: ['20:00'] }),
  to: text('end-of-window', 'When it ends; before `from`: on the next day.', { examples: ['23:00'] }),
  zone: text('time-zone', 'Time zone of both.', { examples: ['Europe/Zurich'] }),
});

const timer = (description: string, standard: string) =>
  Type.Optional(text('timer', description, { default: standard }));

const timeouts = mapping('How long things may take.', {
  reach: timer('How long a host that does not answer is waited for.', environment.timeouts.reach),
  pull: timer('Pulling an image.', environment.timeouts.pull),
  start: timer('Until a container is verified.', environment.timeouts.start),
  settle: timer('How long it has to run without a restart.', environment.timeouts.settle),
  drain: timer('When sessions on a drained host are reported.', environment.timeouts.drain),
  drainMax: timer('When they are waited for no longer.', environment.timeouts.drainMax),
  soak: timer('How long the former release stays ready after a switch.', environment.timeouts.soak),
});

const environmentSchema = mapping('A named set of hosts, and how releases get there.', {
  hosts: named(shortName, named32('a host'), host, 'Docker Engines by name.', { minProperties: 1 }),
  strategy: Type.Optional(
    Type.Enum(['rolling', 'blue-green'], {
      default: environment.strategy,
      description: 'Host by host, or idle hosts first and then a switch of the balancer.',
    }),
  ),
  balancer: Type.Optional(balancer),
  gate: Type.Optional(
    Type.Enum(['switch', 'start'], {
      description:
        'What window, hold and approvals hold back. Default: the switch with blue-green; with rolling always the start.',
    }),
  ),
  window: Type.Optional(list(window, 'When the gate is open. Default: always.')),
  approvals: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 10,
      default: environment.approvals,
      description: 'How many tokens, other than the one that asked, have to approve.',
    }),
  ),
  requires: Type.Optional(text('text', 'Environment in which a release has to be verified before. Default: none.')),
  follow: Type.Optional(
    text('branch-name', 'Branch whose new releases are deployed without being asked for. Default: none.'),
  ),
  allow: Type.Optional(allowSchema('What run files may ask for although it reaches the host. Default: nothing.')),
  defaults: Type.Optional(
    mapping('What a container gets if its run file does not say.', {
      memory: Type.Optional(text('memory', 'Memory. Default: 8GiB.')),
      cpus: Type.Optional(Type.Number({ minimum: 0.01, maximum: 100_000, description: 'CPUs. Default: no limit.' })),
      restart: Type.Optional(text('restart', 'Restart policy. Default: always.')),
    }),
  ),
  variables: Type.Optional(variablesSchema('Variables for run files.')),
  timeouts: Type.Optional(timeouts),
  concurrency: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 256,
      default: environment.concurrency,
      description: 'Deployments at once.',
    }),
  ),
  keep: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 100,
      default: environment.keep,
      description: 'Older verified releases whose stopped containers and images stay on the hosts.',
    }),
  ),
  repair: Type.Optional(
    // Tools that follow YAML 1.1 read `off` as false, and write that.
    Type.Union([Type.Enum(['off', 'missing', 'all']), Type.Literal(false)], {
      title: '`off`, `missing` or `all`',
      default: environment.repair,
      description: '`missing`: start again what should run. `all`: also undo changes made by hand.',
    }),
  ),
});

export const environmentsSchema = named(
  shortName,
  named32('an environment'),
  environmentSchema,
  'The environments by name, in the order of promotion.',
);

export type WrittenEnvironment = Static<typeof environmentSchema>;
export type WrittenAllow = NonNullable<WrittenEnvironment['allow']>;
export type WrittenVariables = NonNullable<WrittenEnvironment['variables']>;
export type WrittenVerify = Static<typeof verifySchema>;
