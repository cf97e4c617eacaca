import {
  applicationRunFiles,
  centralRunFiles,
  overlayOf,
  overlaysOf,
  runFileTest,
} from '../../../src/run-file/names.js';

test('the names are those of Compose, in its order', () => {
  expect(applicationRunFiles('')).toEqual([
    'docker/compose.yaml',
    'docker/compose.yml',
    'docker/docker-compose.yml',
    'docker/docker-compose.yaml',
  ]);
  expect(applicationRunFiles('apps/web')[0]).toBe('apps/web/docker/compose.yaml');
  expect(centralRunFiles('web')).toEqual([
    'web/compose.yaml',
    'web/compose.yml',
    'web/docker-compose.yml',
    'web/docker-compose.yaml',
  ]);
});

test.each([
  ['docker/compose.yaml', 'docker/compose.production.yaml'],
  ['docker-compose.yml', 'docker-compose.production.yml'],
  ['a.b/run', 'a.b/run.production'],
  ['a/my.run.yaml', 'a/my.run.production.yaml'],
  ['a/.yaml', 'a/.yaml.production'],
])('the overlay of %s is %s', (path, overlay) => {
  expect(overlayOf(path, 'production')).toBe(overlay);
});

test('the file that a service names comes first, and is named once', () => {
  expect(applicationRunFiles('apps/web', 'deploy/web.yaml').slice(0, 2)).toEqual([
    'deploy/web.yaml',
    'apps/web/docker/compose.yaml',
  ]);
  const [first, ...others] = applicationRunFiles('', 'docker/docker-compose.yml');
  expect(first).toBe('docker/docker-compose.yml');
  expect(others).toEqual(['docker/compose.yaml', 'docker/compose.yml', 'docker/docker-compose.yaml']);
});

test.each([
  ['docker/compose.yaml', 'docker/compose.production.yaml', 'production'],
  ['docker/compose.yaml', 'docker/compose.eu-1.yaml', 'eu-1'],
  ['a.b/run', 'a.b/run.production', 'production'],
  ['docker/compose.yaml', 'docker/compose.yaml', null],
  ['docker/compose.yaml', 'docker/compose..yaml', null],
  ['docker/compose.yaml', 'docker/compose.production.yml', null],
  ['docker/compose.yaml', 'docker/compose.Production.yaml', null],
  ['docker/compose.yaml', 'docker/compose.a.b.yaml', null],
  ['docker/compose.yaml', 'docker/compose.a/b.yaml', null],
  ['docker/compose.yaml', `docker/compose.${'a'.repeat(33)}.yaml`, null],
  ['docker/compose.yaml', 'docker/docker-compose.production.yaml', null],
])('beside %s, %s is the overlay of %s', (base, path, environment) => {
  expect(overlaysOf(base)(path)).toBe(environment);
});

test('an overlay is found by the name that it is given', () => {
  for (const base of ['docker/compose.yaml', 'run', 'a/.yaml', 'a.b/c.d.yml'])
    expect(overlaysOf(base)(overlayOf(base, 'staging'))).toBe('staging');
});

test('run files are those of every name, with the overlays of every environment', () => {
  const isRunFile = runFileTest(applicationRunFiles('web', 'run.yaml'));
  const run = ['run.yaml', 'run.prod.yaml', 'web/docker/compose.yml', 'web/docker/docker-compose.staging.yaml'];
  const other = [
    'compose.yaml',
    'web/compose.yaml',
    'web/docker/Dockerfile',
    'web/docker/x/compose.yaml',
    'run.yaml/x',
  ];
  expect([...run, ...other].filter(isRunFile)).toEqual(run);
});
