import { applicationRunFiles, centralRunFiles, overlayOf } from '../../../src/run-file/names.js';

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
