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
      name: 'stages-never-import-each-other',
      severity: 'error',
      comment: 'Only pipeline.ts and the joints directly in pipeline/ join stages.',
      from: { path: '^src/pipeline/([^/]+)/' },
      to: { path: '^src/pipeline/', pathNot: '^src/pipeline/$1/' },
    },
    {
      name: 'stages-import-model-errors-contracts',
      severity: 'error',
      from: { path: '^src/pipeline/[^/]+/' },
      to: {
        path: '^src/',
        pathNot: [
          '^src/pipeline/',
          '^src/model/',
          '^src/(model|errors|clock|log|secret|events|image-reference|tag-name|bounded-json|breathe|positions|effort|recent|printable)\\.ts$',
          '^src/[^/]+/contract\\.ts$',
        ],
      },
    },
    {
      name: 'rooms-stay-apart',
      severity: 'error',
      comment: 'store, engine, registry and git know the model, errors and their own contract.',
      from: { path: '^src/(store|engine|registry|git|sandbox)/' },
      to: {
        path: '^src/',
        pathNot: [
          '^src/$1/',
          '^src/(model|errors|clock|log|secret|events|image-reference|bounded-json|breathe|positions)\\.ts$',
        ],
      },
    },
    {
      name: 'decide-touches-nothing',
      severity: 'error',
      from: { path: '^src/pipeline/decide/' },
      to: { pathNot: ['^src/pipeline/decide/', '^src/(model|errors)\\.ts$'] },
    },
    {
      name: 'only-main-imports-everything',
      severity: 'error',
      from: { path: '^src/(?!main\\.ts|cli\\.ts)' },
      to: { path: '^src/(main|cli)\\.ts$' },
    },
    vendor('dockerode', 'engine/'),
    vendor('tar-stream', '(engine|pipeline/image)/'),
    vendor('minimatch', 'pipeline/changes/'),
    vendor('re2js', 'pipeline/changes/'),
    vendor('tar-fs', 'pipeline/image/'),
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
