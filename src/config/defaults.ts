/** What holds if a setting is not written, as it would be written. The schema and the effective configuration take it from here. */
export const builtInDefaults = {
  server: { listen: '127.0.0.1:8080', dataDir: './data', instance: 'slipway' },
  database: 'embedded',
  access: { anonymousRead: false, metrics: 'open' },
  github: { cloneUrl: 'https://github.com/{repository}.git', apiUrl: 'https://api.github.com' },
  registry: { insecure: false },
  engine: {
    host: 'unix:///var/run/docker.sock',
    concurrency: 2,
    timeout: '30m',
    /** Docker's own frontends. */
    frontends: ['docker/dockerfile', 'docker/dockerfile-upstream'],
  },
  dockerfiles: { path: './dockerfiles' },
  sweep: '5m',
  limits: { artifact: '512MiB', log: '16MiB', freeDisk: '5GiB' },
  retention: {
    logs: '30d',
    deliveries: '180d',
    decisions: '180d',
    artifacts: '7d',
    deployments: '365d',
    audit: '365d',
  },
  service: {
    path: '.',
    branches: ['main', 'master', 'release/*'],
    trigger: 'push',
    builds: 'latest',
    reuse: true,
    cascade: true,
    branchTag: true,
  },
  environment: {
    strategy: 'rolling',
    approvals: 0,
    timeouts: { reach: '2m', pull: '10m', start: '60s', settle: '10s', drain: '30s', drainMax: '10m', soak: '30s' },
    concurrency: 2,
    keep: 3,
    repair: 'off',
  },
} as const;
