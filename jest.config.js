/** Libraries that a worker loads once, and not again for each file: see once-a-worker.mjs. A library whose errors are recognised by their class is not here. */
const librariesLoadedOnce = [
  '@fastify',
  '@octokit/webhooks',
  'dockerode',
  'fast-check',
  'fastify',
  'kysely',
  'libsql',
  'minimatch',
  'pino',
  'pino-pretty',
  'playwright-core',
  'tar-stream',
  'typebox',
  'yaml',
];

const anyOfThem = librariesLoadedOnce.join('|');

/** ESM TypeScript through swc. One project for each need of the tests. */
const common = {
  testEnvironment: '<rootDir>/test/support/set-up/environment.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    [`/node_modules/(${anyOfThem})/`]: '<rootDir>/test/support/set-up/once-a-worker.mjs',
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${anyOfThem})/)`],
};

/** The tests of one folder below test/. `setUp` starts what they need, once a run, and only if one of them runs. */
const project = (displayName, { folder = displayName, setUp = null, ...rest } = {}) => ({
  ...common,
  displayName,
  roots: [`<rootDir>/test/${folder}`],
  testMatch: ['**/*.test.ts'],
  ...(setUp && { globalSetup: `<rootDir>/test/support/set-up/${setUp}.mjs` }),
  ...rest,
});

export default {
  projects: [
    project('unit'),
    project('limits'),
    project('contracts', { setUp: 'git-and-threads' }),
    project('git', { setUp: 'git' }),
    project('scenarios', {
      setUp: 'git-and-threads',
      testPathIgnorePatterns: [
        '/scenarios/engine/',
        '/scenarios/compose/',
        '/scenarios/hosts/',
        '/scenarios/balancer/',
        '/scenarios/pages/',
        '/scenarios/telemetry/',
        '/scenarios/jenkins/',
      ],
    }),
    project('compose', { folder: 'scenarios/compose', setUp: 'compose' }),
    project('hosts', { folder: 'scenarios/hosts', setUp: 'hosts' }),
    project('balancer', { folder: 'scenarios/balancer', setUp: 'balancer' }),
    project('pages', { folder: 'scenarios/pages', setUp: 'pages' }),
    project('telemetry', { folder: 'scenarios/telemetry', setUp: 'telemetry' }),
    project('jenkins', { folder: 'scenarios/jenkins', setUp: 'jenkins' }),
    project('docs', { setUp: 'git' }),
    project('engine', {
      folder: 'scenarios/engine',
      setUp: 'git-and-threads',
      setupFilesAfterEnv: ['<rootDir>/test/support/set-up/engine-timeout.mjs'],
    }),
  ],
  // Jest takes it from here alone, not from a project. For slow machines: no test of a sound build comes near it.
  testTimeout: 60_000,
  // Modules of a test file stay in its worker's memory; with 2 GiB of them a test took eight times as long as in a fresh one.
  workerIdleMemoryLimit: '600MB',
};
