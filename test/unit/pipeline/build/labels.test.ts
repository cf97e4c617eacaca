import { imageLabels } from '../../../../src/pipeline/build/labels.js';

const facts = {
  service: 'app',
  branch: 'release/1.0',
  commit: '7e56158aa',
  commitTime: 1_700_000_000,
  version: '1.0-22-7e56158',
  repositoryUrl: 'https://git.example/abc/app',
  place: { source: 'central', path: 'app/Dockerfile', commit: 'ce47ra1' },
  fingerprint: 'f00d',
} as const;

test('an image says what it was made from', () => {
  expect(imageLabels(facts)).toMatchObject({
    'org.opencontainers.image.revision': '7e56158aa',
    'org.opencontainers.image.source': 'https://git.example/abc/app',
    'org.opencontainers.image.version': '1.0-22-7e56158',
    'org.opencontainers.image.title': 'app',
    'dev.slipway.service': 'app',
    'dev.slipway.branch': 'release/1.0',
    'dev.slipway.dockerfile.source': 'central',
    'dev.slipway.dockerfile.path': 'app/Dockerfile',
    'dev.slipway.dockerfile.commit': 'ce47ra1',
    'dev.slipway.inputs': 'f00d',
  });
});

test("an image was created at the commit's time, in RFC 3339", () => {
  expect(imageLabels(facts)['org.opencontainers.image.created']).toMatch(/^2023-11-14T22:13:20(?:\.000)?Z$/);
});

test('a Dockerfile of a local folder has no commit', () => {
  expect(imageLabels({ ...facts, place: { ...facts.place, commit: null } })).not.toHaveProperty([
    'dev.slipway.dockerfile.commit',
  ]);
});

test.each([
  [99_999_999_999_999, '9999-12-31T23:59:59.999Z'],
  [Number.MAX_VALUE, '9999-12-31T23:59:59.999Z'],
  [Number.NaN, '1970-01-01T00:00:00.000Z'],
])('a commit of the time %d gets the nearest date that a label can have', (commitTime, created) => {
  expect(imageLabels({ ...facts, commitTime })['org.opencontainers.image.created']).toBe(created);
});
