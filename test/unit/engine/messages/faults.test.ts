import { buildFault } from '../../../../src/engine/messages/faults.js';
import { createKnownRegistries } from '../../../../src/engine/messages/known-registries.js';

const llb = 'failed to solve with frontend dockerfile.v0: failed to create LLB definition: ';
const run = '[2/2] RUN make';
const load = '[internal] load metadata for registry.abc.net/base:1';

/** Code, step, the engine's words, and what the message has to say. The first words of each group are those of Docker Engine 20.10. */
const buildCases: [string, string | null, string, string][] = [
  ['dockerfile-step-failed', run, 'executor failed running [/bin/sh -c make]: exit code: 3', 'exit code 3'],
  [
    'dockerfile-step-failed',
    run,
    'process "/bin/sh -c make" did not complete successfully: exit code: 137',
    'exit code 137',
  ],
  [
    'dockerfile-step-failed',
    run,
    'executor failed running [/bin/sh -c echo no space left on device 401 Unauthorized; exit 1]: exit code: 1',
    'exit code 1',
  ],
  [
    'dockerfile-step-failed',
    '[2/2] RUN id',
    'executor failed running [/bin/sh -c id]: unable to find user nobodyx: invalid argument',
    'unable to find user nobodyx',
  ],
  ['dockerfile-step-failed', run, 'secret npm.rc not found: not found', 'needs the secret "npm.rc", which the service'],
  ['dockerfile-step-failed', run, 'failed to solve: secret a: not found', 'needs the secret "a", which the service'],
  [
    'name-not-utf8',
    '[internal] load build context',
    'rpc error: code = Internal desc = grpc: failed to unmarshal the received message: string field contains invalid UTF-8',
    'A name in the context',
  ],
  [
    'dockerfile-step-failed',
    run,
    'failed to unmarshal the received message: string field contains invalid UTF-8',
    'string field',
  ],
  [
    'dockerfile-step-failed',
    '[2/2] COPY nope /x',
    'failed to compute cache key: "/nope" not found: not found',
    'needs /nope, which does not exist',
  ],
  [
    'dockerfile-step-failed',
    '[2/2] COPY nope /x',
    'failed to compute cache key: failed to calculate checksum of ref 1::2: "/nope": not found',
    'needs /nope, which does not exist',
  ],
  [
    'dockerfile-step-failed',
    '[2/2] COPY target/app.jar /x',
    'failed to compute cache key: failed to walk /var/lib/docker/tmp/buildkit-mount12/target: lstat /var/lib/docker/tmp/buildkit-mount12/target: no such file or directory',
    'needs /target, which does not exist',
  ],
  [
    'dockerfile-step-failed',
    'http://127.0.0.1:1/x',
    'failed to load cache key: Get "http://127.0.0.1:1/x": dial tcp 127.0.0.1:1: connect: connection refused',
    'failed: Get "http',
  ],
  ['engine-error', '[1/1] COPY a /x', 'flightcontrol: exceeded retry timeout', 'exceeded retry timeout'],
  [
    'dockerfile-invalid',
    null,
    "failed to solve: invalid chmod parameter: 'u=rwX'. it should be octal string and between 0 and 07777",
    'cannot be built: invalid chmod parameter',
  ],
  [
    'dockerfile-invalid',
    null,
    'failed to solve: failed to parse platform : "" is an invalid component of "": platform specifier component must match',
    'cannot be built: failed to parse platform',
  ],
  [
    'dockerfile-invalid',
    null,
    `${llb}dockerfile parse error line 2: unknown instruction: RUMM`,
    'line 2: unknown instruction: RUMM',
  ],
  [
    'dockerfile-invalid',
    null,
    'dockerfile parse error on line 7: unknown instruction: RUMM',
    'line 7: unknown instruction: RUMM',
  ],
  ['dockerfile-invalid', null, `${llb}target stage nope could not be found`, 'target stage nope'],
  ['dockerfile-invalid', null, 'target stage "nope" could not be found', 'target stage "nope"'],
  ['dockerfile-invalid', null, `${llb}file with no instructions`, 'no instructions'],
  ['dockerfile-invalid', null, `${llb}no build stage in current context`, 'no build stage'],
  ['dockerfile-invalid', null, `${llb}base name ($B) should not be blank`, '($B)'],
  ['dockerfile-invalid', null, `${llb}circular dependency detected on stage: a`, 'stage: a'],
  [
    'dockerfile-invalid',
    null,
    `${llb}failed to parse stage name "Base::1": invalid reference format: repository name must be lowercase`,
    'Base::1',
  ],
  [
    'dockerfile-invalid',
    null,
    'failed to solve with frontend dockerfile.v0: failed to read dockerfile: open /var/lib/docker/tmp/buildkit-mount3146836273/sub/Dockerfile: no such file or directory',
    'open sub/Dockerfile',
  ],
  [
    'base-image-not-found',
    load,
    `${llb}registry.abc.net/base:1: not found`,
    'base image registry.abc.net/base:1 does not exist',
  ],
  [
    'base-image-not-found',
    load,
    'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    'registry.abc.net/base:1',
  ],
  [
    'base-image-not-found',
    load,
    `${llb}pulling from host registry.abc.net failed with status code [manifests 1]: 403 Forbidden`,
    'may not be pulled',
  ],
  [
    'registry-unavailable',
    '[internal] load metadata for docker.io/library/debian:12-slim',
    'failed to do request: Head "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host',
    'docker.io/library/debian:12-slim',
  ],
  [
    'registry-unavailable',
    '[internal] load metadata for docker.io/library/debian:12-slim',
    'failed to authorize: failed to fetch anonymous token: dial tcp: lookup auth.docker.io on 10.0.0.2:53: no such host',
    'does not answer',
  ],
  [
    'base-image-not-found',
    load,
    'failed to do request: Head "https://registry.abc.net/v2/": dial tcp: lookup registry.abc.net on 127.0.0.11:53: no such host',
    'registry.abc.net/base:1',
  ],
  [
    'base-image-not-found',
    '[internal] load metadata for registry.abc.net:5000/base:1',
    'failed to do request: Head "https://registry.abc.net:5000/v2/": dial tcp: lookup registry.abc.net: no such host',
    'registry.abc.net:5000/base:1',
  ],
  [
    'registry-unavailable',
    load,
    'failed to do request: Get "https://blobs.abc.net/x": dial tcp: lookup blobs.abc.net: no such host',
    'does not answer',
  ],
  [
    'registry-unavailable',
    load,
    'failed to do request: Head "https://registry.abc.net/v2/": proxyconnect tcp: dial tcp: lookup proxy: no such host',
    'does not answer',
  ],
  ['registry-unavailable', load, 'dial tcp: lookup registry.abc.net: Temporary failure in name resolution', 'answer'],
  [
    'registry-unavailable',
    load,
    'failed to do request: Head "https://registry.abc.net/v2/": x509: certificate has expired or is not yet valid',
    'does not answer',
  ],
  ['registry-unavailable', 'FROM registry.abc.net/base:1', 'failed to copy: unexpected EOF', 'does not answer'],
  [
    'registry-unavailable',
    'FROM registry.abc.net/base:1',
    'failed commit on ref "layer": unexpected commit digest sha256:1, expected sha256:2: failed precondition',
    'does not answer',
  ],
  ['registry-unavailable', load, 'unexpected status from HEAD request: 408 Request Timeout', 'does not answer'],
  [
    'base-image-not-found',
    'resolve image config for docker.io/docker/dockerfile:9',
    'docker.io/docker/dockerfile:9: not found',
    'docker.io/docker/dockerfile:9',
  ],
  [
    'registry-unauthorized',
    load,
    `${llb}pulling from host registry.abc.net failed with status code [manifests 1]: 401 Unauthorized`,
    'registry.abc.net/base:1',
  ],
  [
    'registry-unauthorized',
    load,
    'unexpected status from HEAD request to https://registry.abc.net/v2/base/manifests/1: 401 Unauthorized',
    'registry.abc.net/base:1',
  ],
  [
    'registry-unavailable',
    load,
    `${llb}failed to do request: Head "https://registry.abc.net/v2/base/manifests/1": dial tcp 10.0.0.1:443: connect: connection refused`,
    'does not answer',
  ],
  [
    'registry-unavailable',
    'FROM registry.abc.net/base:1',
    'failed to load cache key: failed to do request: Head "https://x/": dial tcp: i/o timeout',
    'registry.abc.net/base:1',
  ],
  [
    'registry-unavailable',
    load,
    'pulling from host registry.abc.net failed with status code [manifests 1]: 503 Service Unavailable',
    'does not answer',
  ],
  [
    'registry-unavailable',
    load,
    'pulling from host registry.abc.net failed with status code [manifests 1]: 429 Too Many Requests',
    'does not answer',
  ],
  [
    'engine-error',
    '[2/2] COPY . /',
    'failed to copy files: copy file range failed: no space left on device',
    'no space left',
  ],
  [
    'engine-error',
    run,
    'executor failed running [/bin/sh -c make]: failed to create endpoint x on network bridge: could not find bridge docker0',
    'bridge docker0',
  ],
  ['engine-unavailable', run, 'failed to solve with frontend dockerfile.v0: context canceled', 'context canceled'],
  ['engine-unavailable', null, 'rpc error: code = Unavailable desc = transport is closing', 'transport is closing'],
  ['engine-error', null, 'something nobody has seen before', 'something nobody has seen before'],
];

describe('faults of a build', () => {
  test.each(buildCases)('%s at %s: %s', (code, name, words, says) => {
    const step = name === null ? null : { name, error: words, lastLines: ['make: *** no rule'] };
    const error = buildFault(words, step);
    expect(error).toMatchObject({ code, cause: words });
    expect(error.message).toContain(says);
    expect(error.message).not.toContain('buildkit-mount');
  });

  test('a failed step is named, with its last lines', () => {
    const error = buildFault('executor failed running [/bin/sh -c make]: exit code: 2', {
      name: run,
      error: 'exit code: 2',
      lastLines: ['compiling', 'make: *** no rule'],
    });
    expect(error.step).toBe(run);
    expect(error.message).toBe(`The step "${run}" failed with exit code 2.\ncompiling\nmake: *** no rule`);
  });

  test.each([
    ['registry.abc.net', 'registry-unavailable'],
    ['REGISTRY.abc.net', 'registry-unavailable'],
    ['other.abc.net', 'base-image-not-found'],
  ])('a host that is not found is an outage if it is known (known: %s)', (host, code) => {
    const words = 'dial tcp: lookup registry.abc.net: no such host';
    const step = { name: load, error: words, lastLines: [] };
    expect(buildFault(words, step, createKnownRegistries([host]))).toMatchObject({ code });
  });

  test.each([
    ['registry.abc.net/other:1', true],
    ['registry.abc.net/other@sha256:' + '0'.repeat(64), true],
    ['other.abc.net/base:1', false],
    ['debian', false],
    ['no reference', false],
  ])('a registry is known once it gave %s: %s', (reference, isKnown) => {
    const known = createKnownRegistries([]);
    known.learn(reference);
    expect(known.has('registry.abc.net')).toBe(isKnown);
  });

  test('a parse error carries its line', () => {
    expect(buildFault(`${llb}dockerfile parse error line 12: x`, null).extra).toEqual({ line: 12 });
  });
});
