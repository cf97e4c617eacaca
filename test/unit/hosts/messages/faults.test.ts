import { SlipwayError } from '../../../../src/errors.js';
import {
  asHostFault,
  createFault,
  hostFault,
  pullFault,
  startFault,
  type Refusal,
} from '../../../../src/hosts/messages/faults.js';

/** Answers of Docker Engine 20.10, unless a row says otherwise. */
const pull = (host: string, refusal: Refusal) => pullFault(host, 'r/web@sha256:1', refusal);
const final = false;
const retried = true;

const endpoint = 'driver failed programming external connectivity on endpoint web (0b1c)';

test.each([
  [startFault, 500, `${endpoint}: Bind for 0.0.0.0:8080 failed: port is already allocated`, 'port-in-use', final],
  [
    startFault,
    500,
    `${endpoint}: Error starting userland proxy: listen tcp4 127.0.0.1:8080: bind: address already in use`,
    'port-in-use',
    final,
  ],
  // Docker Engine 28.
  [
    startFault,
    500,
    `failed to set up container networking: ${endpoint}: failed to bind host port for 0.0.0.0:8080:172.17.0.2:80/tcp: address already in use`,
    'port-in-use',
    final,
  ],
  [
    startFault,
    400,
    'OCI runtime create failed: runc create failed: exec: "nope": executable file not found in $PATH: unknown',
    'container-start-failed',
    final,
  ],
  [startFault, 400, 'invalid mount config for type "bind": bind source path does not exist: /x', 'bind-missing', final],
  [startFault, 500, 'mkdir /var/lib/docker/overlay2/x: no space left on device', 'engine-error', retried],
  [startFault, 500, 'failed to create endpoint web on network bridge: exchange full', 'engine-error', retried],
  [startFault, 500, 'something new', 'container-start-failed', final],
  [startFault, 502, 'Bad Gateway', 'host-unreachable', retried],
  [
    createFault,
    400,
    'invalid mount config for type "bind": bind source path does not exist: /x',
    'bind-missing',
    final,
  ],
  [
    createFault,
    400,
    'Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available',
    'container-start-failed',
    final,
  ],
  [createFault, 404, 'No such image: r/web@sha256:1', 'image-pull-failed', retried],
  [createFault, 500, 'something new', 'engine-error', retried],
  [createFault, 503, 'Service Unavailable', 'host-unreachable', retried],
  [pull, 500, 'Head "http://r/v2/web/manifests/x": no basic auth credentials', 'registry-unauthorized', final],
  [pull, 200, 'unauthorized: authentication required', 'registry-unauthorized', final],
  [pull, 404, 'manifest for r/web@sha256:1 not found: manifest unknown: manifest unknown', 'registry-refused', final],
  [pull, 404, 'failed to resolve reference "r/web@sha256:1": r/web@sha256:1: not found', 'registry-refused', final],
  [
    pull,
    500,
    'unexpected status from HEAD request to http://r/v2/web/manifests/1: 403 Forbidden',
    'registry-refused',
    final,
  ],
  [pull, 404, 'pull access denied for web, repository does not exist', 'registry-refused', final],
  [pull, 500, 'Get "http://r/v2/": dial tcp 127.0.0.1:1: connect: connection refused', 'image-pull-failed', retried],
  [pull, 200, 'write /var/lib/docker/tmp/x: no space left on device', 'engine-error', retried],
  [pull, 200, 'something new', 'image-pull-failed', retried],
  [hostFault, 504, 'Gateway Timeout', 'host-unreachable', retried],
  [hostFault, 500, 'something new', 'engine-error', retried],
] as const)('%p: %d %s', (fault, status, words, code, retryable) => {
  const error = fault('b', { status, words });
  expect(error).toMatchObject({ code, retryable, extra: { host: 'b' } });
  expect(error.message).toContain('Host b: ');
  expect(error.message).toContain(words);
});

test('a long message is cut', () => {
  expect(hostFault('b', { status: 500, words: 'x'.repeat(100_000) }).message.length).toBeLessThan(5000);
});

test('an error of the connection is one of the host, with what the way says', () => {
  const away = new SlipwayError('engine-unavailable', 'The Docker Engine does not answer: ECONNREFUSED');
  expect(asHostFault('b', away, 'Permission denied')).toMatchObject({
    code: 'host-unreachable',
    message: 'Host b: The Docker Engine does not answer: ECONNREFUSED (Permission denied)',
  });
  const odd = new SlipwayError('engine-error', 'It redirects.');
  expect(asHostFault('b', odd)).toMatchObject({ code: 'engine-error', message: 'Host b: It redirects.' });
  const own = hostFault('b', { status: 500, words: 'x' });
  expect(asHostFault('b', own)).toBe(own);
  const other = new Error('other');
  expect(asHostFault('b', other)).toBe(other);
});
