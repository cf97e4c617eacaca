import { engineFault, pullFault, pushFault } from '../../../../src/engine/messages/faults.js';

describe('faults of a push', () => {
  test.each([
    ['registry-unauthorized', 'no basic auth credentials'],
    ['registry-unauthorized', 'unauthorized: authentication required'],
    ['registry-unauthorized', "unauthorized: You don't have the needed permissions to perform this operation"],
    ['registry-refused', 'denied: requested access to the resource is denied'],
    [
      'registry-refused',
      'denied: adding 3.2 MiB of storage resource, which when updated to current usage of 4.0 MiB will exceed the configured upper limit of 5.0 MiB.',
    ],
    ['registry-refused', "name unknown: The repository with name 'rb' does not exist in the registry with id '1'"],
    [
      'registry-refused',
      "tag invalid: The image tag 'main' already exists in the 'rb' repository and cannot be overwritten because the repository is immutable.",
    ],
    ['registry-refused', "unknown: Failed to process request due to 'app:1' configured as immutable."],
    ['registry-refused', 'errors:\ndenied: requested access to the resource is denied\nunknown: unknown error\n'],
    ['registry-refused', 'received unexpected HTTP status: 412 Precondition Failed'],
    ['registry-refused', 'received unexpected HTTP status: 403 Forbidden'],
    ['registry-refused', "error parsing HTTP 413 response body: invalid character '<' looking for beginning of value"],
    ['registry-refused', 'unsupported: The operation is unsupported.'],
    ['registry-unavailable', 'received unexpected HTTP status: 425 Too Early'],
    ['registry-unavailable', "error parsing HTTP 429 response body: invalid character 'T'"],
    ['registry-unavailable', 'toomanyrequests: rate limit exceeded'],
    ['registry-unavailable', 'unavailable: service unavailable'],
    ['registry-unavailable', 'received unexpected HTTP status: 520 '],
    ['registry-error', 'digest invalid: provided digest did not match uploaded content'],
    ['registry-error', 'size invalid: provided length did not match content length'],
    ['registry-error', 'manifest blob unknown: blob unknown to registry'],
    ['registry-error', 'something nobody has seen before'],
    ['registry-unavailable', 'Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused'],
    ['registry-unavailable', 'Get "https://registry.abc.net/v2/": dial tcp: lookup registry.abc.net: no such host'],
    ['registry-unavailable', 'Patch "http://127.0.0.1:5000/v2/x": EOF'],
    ['registry-unavailable', 'received unexpected HTTP status: 503 Service Unavailable'],
    ['registry-refused', 'manifest invalid: manifest invalid'],
    ['engine-error', 'An image does not exist locally with the tag: registry.abc.net/app'],
    ['engine-error', 'write /var/lib/docker/tmp/x: no space left on device'],
  ])('%s: %s', (code, words) => {
    expect(pushFault('registry.abc.net/app:1', words).code).toBe(code);
  });
});

describe('faults of a pull', () => {
  test.each([
    ['registry-unauthorized', 'Head "http://127.0.0.1:5000/v2/b/manifests/1": no basic auth credentials'],
    ['base-image-not-found', 'manifest for 127.0.0.1:5000/b:3 not found: manifest unknown: manifest unknown'],
    ['registry-unavailable', 'Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused'],
    ['registry-unavailable', 'Get "https://registry.test/v2/": dial tcp: lookup registry.test: no such host'],
    ['engine-error', 'failed to register layer: write /usr/lib/x: no space left on device'],
    ['engine-unavailable', 'context canceled'],
    ['base-image-not-found', 'No such image: 127.0.0.1:5000/b:3'],
  ])('%s: %s', (code, words) => {
    expect(pullFault('127.0.0.1:5000/b:3', words).code).toBe(code);
  });

  test('by a gateway are of the engine behind it', () => {
    expect(pullFault('127.0.0.1:5000/b:3', 'Bad Gateway', 502).code).toBe('engine-unavailable');
    expect(pullFault('127.0.0.1:5000/b:3', 'manifest unknown', 404).code).toBe('base-image-not-found');
  });
});

test.each([
  ['engine-unavailable', 502],
  ['engine-unavailable', 503],
  ['engine-error', 500],
  ['engine-error', 400],
])('an answer is %s where its status is %d', (code, status) => {
  expect(engineFault('words', status).code).toBe(code);
});
