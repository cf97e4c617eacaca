import { imageOrigin } from '../../src/image-origin.js';
import { imageLabels } from '../../src/pipeline/build/labels.js';

const commit = '7'.repeat(40);
const labels = imageLabels({
  ...{ service: 'app', branch: 'release/1.0', commit, commitTime: 1_700_000_000, version: '1.0-22-7777777' },
  ...{ repositoryUrl: 'https://git.example/abc/app', fingerprint: 'f00d' },
  place: { source: 'central', path: 'app/Dockerfile', commit: 'ce47ra1' },
});

test('an image of ours says what it was made from', () => {
  expect(imageOrigin(labels)).toEqual({ commit, branch: 'release/1.0', version: '1.0-22-7777777' });
});

test.each(['org.opencontainers.image.revision', 'dev.slipway.branch'])('one without %s does not', (label) => {
  expect(imageOrigin({ ...labels, [label]: '' })).toBeNull();
});
