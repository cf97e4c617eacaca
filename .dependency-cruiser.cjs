/** The import list of docs/architecture.md, enforced. */

/**
 * The rooms of src/ from top to bottom. A room imports only itself and rows below its own. Rooms of one row never import each other.
 * `adapter`: the rows above see the room's contract.ts only.
 */
const rows = [
  [
    {
      room: 'cli',
      path: 'main\\.ts$|notifying\\.ts$|cli\\.ts$|cli/|data-folder\\.ts$|make-parts\\.ts$|parts\\.ts$',
    },
  ],
  [
    { room: 'app', path: 'app\\.ts$' },
    { room: 'pipeline', path: 'pipeline\\.ts$' },
  ],
  [{ room: 'api', path: 'api/' }],
  [{ room: 'operations', path: 'operations/' }],
  [
    { room: 'accept', path: 'pipeline/accept/' },
    { room: 'look', path: 'pipeline/look/' },
    { room: 'build', path: 'pipeline/build/' },
    { room: 'observe', path: 'pipeline/observe/' },
    { room: 'deploy', path: 'pipeline/deploy/' },
  ],
  [
    { room: 'publish', path: 'pipeline/publish/' },
    { room: 'report', path: 'pipeline/report/' },
    { room: 'notify', path: 'pipeline/notify/' },
  ],
  [{ room: 'queue', path: 'queue/' }],
  [
    { room: 'decide', path: 'decide/' },
    { room: 'server', path: 'server/' },
    { room: 'specification', path: 'specification/' },
    { room: 'tracing', path: 'tracing/' },
  ],
  [{ room: 'reading', path: 'reading/' }],
  [{ room: 'context', path: 'image/context/' }],
  [{ room: 'packaging', path: 'image/packaging/' }],
  [
    { room: 'dockerfile', path: 'image/dockerfile/' },
    { room: 'version', path: 'image/version/' },
    { room: 'run-file', path: 'run-file/' },
    { room: 'config', path: 'config/' },
  ],
  [
    { room: 'patterns', path: 'patterns/' },
    { room: 'sandbox', path: 'sandbox/' },
    { room: 'store', path: 'store/', adapter: true },
    { room: 'git', path: 'git/', adapter: true },
    { room: 'engine', path: 'engine/', adapter: true },
    { room: 'registry', path: 'registry/', adapter: true },
    { room: 'hosts', path: 'hosts/', adapter: true },
    { room: 'balancer', path: 'balancer/', adapter: true },
  ],
  [
    { room: 'docker', path: 'docker/' },
    { room: 'tunnel', path: 'tunnel/' },
  ],
  [{ room: 'ground', path: 'model/|[^/]+\\.ts$' }],
];

const under = ({ path }) => path.split('|').map((part) => `^src/${part}`);

const importsOnlyDownwards = rows.slice(1).flatMap((row, above) =>
  row.map((room) => ({
    name: `${room.room}-imports-only-downwards`,
    severity: 'error',
    from: {
      path: under(room),
      // Files directly in src/ belong to the ground unless a row above names them.
      pathNot:
        room.room === 'ground'
          ? rows
              .slice(0, above + 1)
              .flat()
              .flatMap(under)
          : [],
    },
    to: { path: [...rows.slice(0, above + 1).flat(), ...row.filter((other) => other !== room)].flatMap(under) },
  })),
);

const adapters = rows.flat().filter(({ adapter }) => adapter);

const adaptersAreSeenByContract = adapters.map(({ room, path }) => ({
  name: `${room}-is-seen-by-its-contract`,
  severity: 'error',
  comment: `Only main.ts, make-parts.ts, data-folder.ts and ${room} itself know how ${room} is made.`,
  from: { path: '^src/', pathNot: ['^src/(main|make-parts|data-folder)\\.ts$', `^src/${path}`] },
  to: { path: `^src/${path}`, pathNot: 'contract\\.ts$' },
}));

const vendor = (name, room) => ({
  name: `${name.replace(/[^a-z0-9]+/gi, '-')}-only-in-${room.replace(/[^a-z]+/gi, '-')}`,
  severity: 'error',
  comment: `${name} has one importer: ${room}`,
  from: { path: '^src/', pathNot: `^src/${room}` },
  to: { path: `node_modules/${name}(/|$)` },
});

module.exports = {
  forbidden: [
    // Folders are compared by scripts/folder-circles.mjs: here, scope 'folder' never sees a circle of a folder and its own sub-folder.
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'every-file-has-a-room',
      severity: 'error',
      comment: 'A new folder of src/ needs a row in this list.',
      from: { path: '^src/', pathNot: rows.flat().flatMap(under) },
      to: {},
    },
    {
      name: 'pages-know-the-api-only',
      severity: 'error',
      comment: 'The types of the API are in ui/src/api/schema.d.ts.',
      from: { path: '^ui/' },
      to: { path: '^(src|test|scripts)/' },
    },
    {
      name: 'pages-never-import-each-other',
      severity: 'error',
      comment: 'What pages share is in ui/src/parts, ui/src/log, ui/src/environments or ui/src/api.',
      from: { path: '^ui/src/pages/([^/]+)/' },
      to: { path: '^ui/src/pages/', pathNot: '^ui/src/pages/$1/' },
    },
    {
      name: 'pages-are-lazy',
      severity: 'error',
      from: { path: '^ui/src/(api|environments|log|parts|shell)/' },
      to: { path: '^ui/src/pages/' },
    },
    {
      name: 'parts-know-no-log',
      severity: 'error',
      from: { path: '^ui/src/(api|parts)/' },
      to: { path: '^ui/src/log/' },
    },
    ...importsOnlyDownwards,
    ...adaptersAreSeenByContract,
    {
      name: 'deciding-is-pure',
      severity: 'error',
      from: { path: '^src/decide/decide(-tag)?\\.ts$' },
      to: { pathNot: ['^src/decide/', '^src/(model/|errors\\.ts$)'] },
    },
    {
      name: 'docker-is-for-engine-and-hosts',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(docker|engine|hosts)/' },
      to: { path: '^src/docker/' },
    },
    {
      name: 'queries-know-no-dialect',
      severity: 'error',
      comment: 'Only what opens a database knows its dialect; see src/store/dialect.ts.',
      from: { path: '^src/store/', pathNot: '^src/store/(open-[^/]+|sqlite[^/]*)\\.ts$' },
      to: { path: '^src/store/sqlite' },
    },
    vendor('dockerode', 'docker/'),
    vendor('tar-stream', '(engine/context|image/packaging|server)/'),
    vendor('@octokit/webhooks', 'pipeline/accept/'),
    vendor('minimatch', 'patterns/'),
    vendor('re2js', 'patterns/'),
    vendor('tar-fs', 'image/packaging/'),
    vendor('kysely', 'store/'),
    vendor('libsql', 'store/'),
    vendor('yaml', '(config|run-file|cli/remote)/'),
    vendor('fastest-levenshtein', 'near-names\\.ts'),
    vendor('standardwebhooks', 'pipeline/notify/people/'),
    vendor('nodemailer', 'pipeline/notify/people/'),
    vendor('universal-github-app-jwt', 'pipeline/notify/github/'),
    vendor('saxes', 'image/version/'),
    vendor('smol-toml', 'image/version/'),
    vendor('@opentelemetry', 'tracing/otlp\\.ts'),
    vendor('@clack/prompts', 'cli/init/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
