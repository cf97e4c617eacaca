/** ESM TypeScript through swc; two ESM-only packages that Fastify `require`s are turned into CommonJS for Node 20. */
const swc = (type) => [
  '@swc/jest',
  {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type },
    sourceMaps: 'inline',
  },
];

export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '\\.ts$': swc('es6'),
    'node_modules/(cookie|content-disposition)/.*\\.js$': swc('commonjs'),
  },
  transformIgnorePatterns: ['node_modules/(?!(cookie|content-disposition)/)'],
  testTimeout: 20_000,
  // Modules of a test file stay in its worker's memory; with 2 GiB of them a test took eight times as long as in a fresh one.
  workerIdleMemoryLimit: '600MB',
};
