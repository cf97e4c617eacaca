/** The import table of docs/architecture.md, enforced. */
const vendor = (name, room) => ({
  name: `${name.replace(/[^a-z0-9]+/gi, '-')}-only-in-${room.replace(/[^a-z]+/gi, '-')}`,
  severity: 'error',
  comment: `${name} has one importer: ${room}`,
  from: { path: '^src/', pathNot: `^src/${room}` },
  to: { path: `node_modules/${name}(/|$)` },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'decide-touches-nothing',
      severity: 'error',
      from: { path: '^src/decide/decide\\.ts' },
      to: { pathNot: ['^src/decide/', '^src/(model/|errors\\.ts$)'] },
    },
    {
      name: 'only-main-imports-everything',
      severity: 'error',
      from: { path: '^src/(?!main\\.ts|cli\\.ts)' },
      to: { path: '^src/(main|cli)\\.ts$' },
    },
    vendor('dockerode', 'engine/'),
    vendor('tar-stream', '(engine|image)/'),
    vendor('@octokit/webhooks', 'pipeline/accept/'),
    vendor('minimatch', 'patterns/'),
    vendor('re2js', 'patterns/'),
    vendor('tar-fs', 'image/'),
    vendor('kysely', 'store/'),
    vendor('libsql', 'store/'),
    vendor('yaml', 'config/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
