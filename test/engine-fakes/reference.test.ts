import { parseReference, sameRegistry } from '../../src/engine/reference.js';

test.each([
  ['base', 'docker.io', 'base', 'latest', null],
  ['base:1', 'docker.io', 'base', '1', null],
  ['abc/base:1', 'docker.io', 'abc/base', '1', null],
  ['registry.abc.net/base:1', 'registry.abc.net', 'registry.abc.net/base', '1', null],
  ['registry:5000/a/b', 'registry:5000', 'registry:5000/a/b', 'latest', null],
  ['localhost/a:x', 'localhost', 'localhost/a', 'x', null],
  ['registry:5000/a@sha256:1', 'registry:5000', 'registry:5000/a', null, 'sha256:1'],
  ['registry:5000/a:7@sha256:1', 'registry:5000', 'registry:5000/a', null, 'sha256:1'],
])('%s is taken apart', (reference, host, name, tag, digest) => {
  expect(parseReference(reference)).toEqual({ host, name, tag, digest });
});

test.each([
  ['registry.abc.net', 'Registry.ABC.net', true],
  ['registry-1.docker.io', 'docker.io', true],
  ['registry.abc.net', 'registry.abc.net:5000', false],
  ['', 'registry.abc.net', false],
])('%s and %s are the same registry: %s', (a, b, same) => {
  expect(sameRegistry(a, b)).toBe(same);
});
