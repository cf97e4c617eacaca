/** Whose matter a failure is. */
export const blames: Readonly<Record<string, string>> = {
  dockerfile: 'The Dockerfile is at fault.',
  'run-file': 'The run file is at fault.',
  service: 'The service is at fault.',
  source: 'The source is at fault.',
  engine: 'The engine is at fault.',
  host: 'The host is at fault.',
  balancer: 'The balancer is at fault.',
  registry: 'The registry is at fault.',
  slipway: 'Slipway is at fault.',
};
