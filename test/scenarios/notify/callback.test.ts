import { createCallback } from '../../../src/pipeline/notify/callback.js';
import { requireCallbackUrl } from '../../../src/pipeline/notify/send/callback-url.js';
import { scriptedServer, type ScriptedAnswer, type ScriptedServer } from '../../support/scripted-server.js';
import { manualClock } from '../../support/manual-clock.js';
import { sampleBuild, sampleDeployment } from '../../support/report-samples.js';

describe('the address of a callback', () => {
  const allowed = ['jenkins.test', 'Other.test:8443', '[::1]:9000', 'tls.test:443'];

  test.each([
    'https://jenkins.test/x?y=1',
    'http://jenkins.test/',
    'https://JENKINS.test:443/',
    'https://other.test:8443/x',
    'http://[::1]:9000/',
    'https://tls.test/',
  ])('%s is allowed', (url) => {
    expect(requireCallbackUrl(url, allowed).href).toBe(new URL(url).href);
  });

  test.each([
    'https://jenkins.test:8443/',
    'https://other.test/',
    'http://tls.test/',
    'https://sub.jenkins.test/',
    'https://jenkins.test.evil.test/',
    'https://evil.test/?jenkins.test',
    'https://jenkins.test@evil.test/',
    'https://user:word@jenkins.test/',
    'https://jenkins.test./',
    'ftp://jenkins.test/',
    'file:///jenkins.test',
    'javascript:jenkins.test',
    '//jenkins.test/',
    '',
  ])('%s is not', (url) => {
    expect(() => requireCallbackUrl(url, allowed)).toThrow(expect.objectContaining({ code: 'callback-not-allowed' }));
  });

  test('is never allowed where no host is', () => {
    expect(() => requireCallbackUrl('http://localhost/', [])).toThrow();
  });
});

describe('a callback', () => {
  let server: ScriptedServer | null = null;
  afterEach(async () => {
    await server?.close();
    server = null;
  });

  const call = async (
    answer: ScriptedAnswer | 'hang',
    kind: 'started' | 'finished' | 'deployed' = 'finished',
    listed = true,
  ) => {
    server = await scriptedServer(() => answer);
    const { host } = server;
    const callbackUrl = `http://${host}/done?job=1`;
    const finishedAt = kind === 'started' ? null : 2_000;
    const build = sampleBuild({ status: 'succeeded', callbackUrl, finishedAt });
    const deployment = sampleDeployment({ callbackUrl });
    const receiver = createCallback({
      store: { builds: { get: async () => build }, deployments: { get: async () => deployment } },
      allowedHosts: () => (listed ? [host] : []),
      render: ({ id, status }) => ({ id, status }),
      renderDeployment: ({ id, status }) => ({ deployment: id, status }),
      clock: manualClock(),
      fetch,
      // The first request of a process is slow in itself, so only the answer that never comes is waited for briefly.
      timeoutMs: answer === 'hang' ? 100 : 10_000,
    });
    const change =
      kind === 'deployed' ? ({ kind: 'deployment', deployment } as const) : ({ kind: 'build', build } as const);
    for (const { subject } of await receiver.noticesOf(change)) await receiver.deliver(subject, []);
    return server.requests;
  };

  test('is one POST of the build as the API shows it', async () => {
    const requests = await call({ status: 204 });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ method: 'POST', path: '/done?job=1' });
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({ id: 'b-1', status: 'succeeded' });
  });

  test('is one POST of the deployment likewise', async () => {
    const requests = await call({ status: 204 }, 'deployed');
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({ deployment: 'd-1', status: 'succeeded' });
  });

  test('is made at the end of a build alone', async () => {
    expect(await call({ status: 204 }, 'started')).toEqual([]);
  });

  test('is not made to a host that is no longer allowed', async () => {
    await expect(call({ status: 204 }, 'finished', false)).rejects.toMatchObject({ code: 'callback-not-allowed' });
    expect(server?.requests).toEqual([]);
  });

  test('is not redirected', async () => {
    const elsewhere = await scriptedServer(() => ({ status: 200 }));
    const location = `http://${elsewhere.host}/`;
    await expect(call({ status: 307, headers: { location } })).rejects.toMatchObject({ code: 'notice-refused' });
    expect(elsewhere.requests).toEqual([]);
    await elsewhere.close();
  });

  test('that is not answered in time has failed, and may be repeated', async () => {
    await expect(call('hang')).rejects.toMatchObject({ code: 'notice-failed', retryable: true });
  });
});
