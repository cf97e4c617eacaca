/** Spans of a whole Slipway, taken by a collector over HTTP. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { openCollector, type Collector, type ReceivedSpan } from '../../support/collector.js';
import { dockerfile, useFakeStage, type FakeStage, type StageOptions } from '../../support/fake-stage.js';
import { createServingHosts } from '../../support/serving-hosts.js';

const open = useFakeStage();
let collector: Collector;

beforeEach(async () => {
  collector = await openCollector();
});
afterEach(() => collector.close());

const traced = (more: StageOptions = {}) => open({ processEnv: collector.env, ...more });

const traceId = '0af7651916cd43dd8448eb211c80319c';
const caller = 'b7ad6b7169203331';
const files = { 'docker/Dockerfile': `${dockerfile}RUN cat src/a.txt\n`, 'src/a.txt': '1' };

/** Delivers a push of one commit. Resolves with the delivery's id. */
async function push(stage: FakeStage, change: Record<string, string>, headers: Record<string, string> = {}) {
  await stage.repo.commit({ files: change });
  return stage.slipway.deliver('abc/app', 'main', { after: await stage.tip() }, randomUUID(), headers);
}

const named = (name: string): ReceivedSpan => {
  const found = collector.spans.filter((span) => span.name === name);
  if (found[0] === undefined)
    throw new Error(`no ${name} among ${collector.spans.map((span) => span.name).join(', ')}`);
  return found[0];
};

/** Names of the span and of what it belongs to, up to the first of its trace or a span of somebody else. */
function chain(span: ReceivedSpan): readonly string[] {
  const above = collector.spans.find(({ spanId }) => spanId === span.parent);
  return above ? [span.name, ...chain(above)] : [span.name];
}

const seen = (stage: FakeStage, name: string) =>
  stage.until(`the span ${name}`, async () => collector.spans.some((span) => span.name === name));

describe('a push', () => {
  test('is one trace up to the digest, with each step', async () => {
    const stage = await traced();
    const delivery = await push(stage, files);
    await stage.slipway.quiet();
    await seen(stage, 'build app');

    const webhook = named('POST /webhooks/github');
    expect(webhook.parent).toBeNull();
    expect(webhook.attributes).toMatchObject({
      'http.request.method': 'POST',
      'http.route': '/webhooks/github',
      'http.response.status_code': 202,
      'slipway.delivery.id': delivery,
    });
    expect(new Set(collector.spans.map((span) => span.traceId))).toEqual(new Set([webhook.traceId]));
    expect(chain(named('look'))).toEqual(['look', 'POST /webhooks/github']);
    expect(named('look').attributes).toMatchObject({
      'vcs.owner.name': 'abc',
      'vcs.repository.name': 'app',
      'vcs.ref.head.name': 'main',
      'slipway.decisions.build': 1,
      'slipway.decisions.skip': 0,
    });
    expect(chain(named('queue wait'))).toEqual(['queue wait', 'build app', 'look', 'POST /webhooks/github']);
    for (const step of ['fetch', 'build', 'publish'])
      expect(chain(named(step))).toEqual([step, 'build app', 'look', 'POST /webhooks/github']);

    const [build] = await stage.builds();
    expect(build).toMatchObject({ traceId: webhook.traceId, status: 'succeeded' });
    expect(named('build app').attributes).toMatchObject({
      'cicd.pipeline.run.id': build?.id,
      'cicd.pipeline.result': 'success',
      'vcs.ref.head.revision': build?.commit,
      'container.image.name': 'app',
      'container.image.repo_digests': [`app@${build?.image?.digest}`],
    });
    const ends = stage.slipway.log.lines.filter(({ message }) => message.startsWith('build succeeded'));
    expect(ends).toMatchObject([{ bindings: { trace_id: webhook.traceId } }]);
    expect(collector.resource).toMatchObject({ 'service.name': 'slipway' });
  });

  test('goes on in the trace that it comes with, also after a restart', async () => {
    const stage = await traced();
    stage.hold();
    const id = await push(stage, files, { traceparent: `00-${traceId}-${caller}-01` });
    await stage.underway(await stage.slipway.decisions(id));
    await stage.slipway.stop(0);
    expect(collector.spans.map(({ name }) => name).toSorted()).toEqual(['POST /webhooks/github', 'look']);
    stage.fakes.engine.release();
    await stage.slipway.start();
    await stage.slipway.quiet();
    await seen(stage, 'publish');

    expect(named('POST /webhooks/github')).toMatchObject({ traceId, parent: caller });
    expect(chain(named('publish'))).toEqual(['publish', 'build app', 'look', 'POST /webhooks/github']);
    expect(new Set(collector.spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
    const spans = collector.spans.map(({ spanId }) => spanId);
    expect(new Set(spans).size).toBe(spans.length);
  });

  test.each(['', '00-0-0-01', `00-${'0'.repeat(32)}-${caller}-01`, `ff-${traceId}-${caller}-01`, 'x'.repeat(9_000)])(
    'begins a trace of its own if what it comes with is malformed: %#',
    async (traceparent) => {
      const stage = await traced();
      await push(stage, files, { traceparent });
      await stage.slipway.quiet();
      await seen(stage, 'build app');
      expect(named('POST /webhooks/github').parent).toBeNull();
      expect(named('build app').traceId).toBe(named('POST /webhooks/github').traceId);
      expect(named('build app').traceId).not.toBe(traceId);
    },
  );

  test('is not recorded if the caller that began the trace does not want that', async () => {
    const stage = await traced();
    await push(stage, files, { traceparent: `00-${traceId}-${caller}-00` });
    await stage.slipway.quiet();
    expect((await stage.builds())[0]).toMatchObject({ traceId, status: 'succeeded' });
    await stage.slipway.stop();
    expect(collector.spans).toEqual([]);
  });

  test('keeps its trace over a real connection, whose body comes in pieces', async () => {
    const stage = await traced();
    const address = await stage.slipway.running.app.listen({ host: '127.0.0.1', port: 0 });
    await push(stage, files);
    await stage.slipway.quiet();
    const answer = await fetch(`${address}/rebuild/app`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer ops-token',
        traceparent: `00-${traceId}-${caller}-01`,
      },
      body: JSON.stringify({ branch: 'main' }),
    });
    expect(await answer.json()).toMatchObject({ traceId });
  });
});

describe('what Slipway begins by itself', () => {
  test('a cascade is a trace of its own with a link to the build that led to it', async () => {
    const on = (path: string) => ({ repository: 'abc/app', path, version: { value: '1.0' } });
    const stage = await traced({ services: { base: on('base'), top: on('top') } });
    const top = 'FROM registry.test:5000/base:main\nCOPY . /\n';
    await push(stage, { 'base/Dockerfile': dockerfile, 'top/Dockerfile': top, 'base/a': '1', 'top/a': '1' });
    await stage.slipway.quiet();
    await seen(stage, 'build top');
    collector.spans.length = 0;
    await push(stage, { 'base/a': '2' });
    await stage.slipway.quiet();
    await seen(stage, 'build top');

    const [base, cascaded] = [named('build base'), named('build top')];
    expect(cascaded.traceId).not.toBe(base.traceId);
    const look = collector.spans.find(({ name, traceId: id }) => name === 'look' && id === cascaded.traceId);
    expect(look).toMatchObject({ parent: null, links: [`${base.traceId} ${base.spanId}`] });
    expect(cascaded.parent).toBe(look?.spanId);
  });

  test('a look that finds nothing new is not recorded', async () => {
    const stage = await traced({ config: { sweep: '5m' } });
    await push(stage, files);
    await stage.slipway.quiet();
    await stage.sweep();
    await stage.slipway.stop();
    expect(collector.spans.filter(({ name }) => name === 'look')).toHaveLength(1);
  });
});

test('a failed build has its code at itself and at the step that failed, and no message', async () => {
  const stage = await traced();
  await push(stage, { ...files, 'docker/Dockerfile': 'FROM scratch\nCOPY . /\nRUN cat nothing\n' });
  await stage.slipway.quiet();
  await seen(stage, 'build app');
  const [build] = await stage.builds();
  expect(build?.status).toBe('failed');
  expect(named('build app')).toMatchObject({ error: build?.error?.code });
  const failed = collector.spans.filter(({ error }) => error !== null);
  expect(failed.map(({ error }) => error)).toEqual(failed.map(() => build?.error?.code));
  expect(failed.map(({ name }) => name)).toContain(build?.error?.step ?? 'build app');
});

test('a retry is a trace of its own with a link to the delivery of its commit', async () => {
  const stage = await traced();
  await push(stage, files);
  await stage.slipway.quiet();
  await seen(stage, 'build app');
  const [webhook, [first]] = [named('POST /webhooks/github'), await stage.builds()];
  collector.spans.length = 0;
  await stage.slipway.request('POST', `/api/v1/builds/${first?.id}/retry`);
  await stage.slipway.quiet();
  await seen(stage, 'build app');
  expect(chain(named('build app'))).toEqual(['build app', 'POST /api/v1/builds/:id/retry']);
  expect(named('build app')).toMatchObject({ links: [`${webhook.traceId} ${webhook.spanId}`] });
  expect(named('build app').traceId).not.toBe(webhook.traceId);
});

describe('a deployment', () => {
  const addresses = { 'staging/s': '127.0.11.1' };
  const hostOf = {
    s: { engine: 'unix:///run/s.sock', address: addresses['staging/s'], publish: addresses['staging/s'] },
  };
  const timeouts = { reach: '1s', pull: '1s', start: '1s', settle: '50ms' };
  const runFile = (port: number) =>
    JSON.stringify({ services: { app: { ports: [`${port}:8080`], 'x-slipway': { verify: { path: '/version' } } } } });

  async function deploying(follow: object) {
    const port = await freePort();
    const hosts = createServingHosts(() => stage.fakes, addresses);
    const services = {
      app: { repository: 'abc/app', version: { value: '1.0' }, deploy: { environments: ['staging'] } },
    };
    const environments = { staging: { hosts: hostOf, timeouts, ...follow } };
    const stage: FakeStage = await traced({ services, hosts, config: { environments } });
    return { stage, hosts, change: { ...files, 'docker/compose.yaml': runFile(port) } };
  }

  const ended = (stage: FakeStage) =>
    stage.until('the deployment to end', async () => {
      const { deployments } = await stage.slipway.get<{ deployments: { status: string; traceId: string | null }[] }>(
        '/api/v1/deployments',
      );
      return deployments[0]?.status === 'succeeded' ? deployments[0] : null;
    });

  test('that follows a branch goes on in the trace of the push', async () => {
    const { stage, hosts, change } = await deploying({ follow: 'main' });
    await push(stage, change, { traceparent: `00-${traceId}-${caller}-01` });
    await stage.slipway.quiet();
    expect(await ended(stage)).toMatchObject({ traceId });
    await seen(stage, 'deployment app');
    const deployment = named('deployment app');
    expect(chain(deployment)).toEqual(['deployment app', 'build app', 'look', 'POST /webhooks/github']);
    expect(deployment.attributes).toMatchObject({
      'deployment.environment.name': 'staging',
      'deployment.status': 'succeeded',
      'slipway.by': 'follow',
    });
    const steps = collector.spans.filter(({ parent }) => parent === deployment.spanId);
    expect(steps.filter(({ attributes }) => attributes['host.name'] === 's').length).toBeGreaterThan(1);
    expect(new Set(collector.spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
    await hosts.close();
  });

  test('that somebody asks for belongs to the trace of the call', async () => {
    const { stage, hosts, change } = await deploying({});
    await push(stage, change);
    await stage.slipway.quiet();
    const payload = { service: 'app', environment: 'staging', branch: 'main' };
    const headers = { authorization: 'Bearer ops-token', traceparent: `00-${traceId}-${caller}-01` };
    const answer = await stage.slipway.send({ method: 'POST', url: '/api/v1/deployments', headers, payload });
    expect(JSON.parse(answer.body)).toMatchObject({ traceId });
    await ended(stage);
    await seen(stage, 'deployment app');
    expect(chain(named('deployment app'))).toEqual(['deployment app', 'POST /api/v1/deployments']);
    await hosts.close();
  });
});

test('a collector that is away hinders nothing, and the log says so once', async () => {
  // Milliseconds for all attempts.
  process.env['OTEL_EXPORTER_OTLP_TIMEOUT'] = '500';
  const processEnv = { ...collector.env, OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}` };
  const stage = await traced({ processEnv });
  for (const text of ['1', '2', '3']) {
    await push(stage, { ...files, 'src/a.txt': text });
    await stage.slipway.quiet();
  }
  expect((await stage.builds()).map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
  const said = () => stage.slipway.log.lines.filter(({ message }) => message.startsWith('could not deliver traces'));
  await stage.until('the log to say it', async () => said().length > 0);
  await push(stage, { ...files, 'src/a.txt': '4' });
  await stage.slipway.quiet();
  await stage.slipway.stop();
  delete process.env['OTEL_EXPORTER_OTLP_TIMEOUT'];
  expect(said()).toHaveLength(1);
});

test('without a collector nothing is traced', async () => {
  const stage = await open();
  await push(stage, files, { traceparent: `00-${traceId}-${caller}-01` });
  await stage.slipway.quiet();
  expect((await stage.builds())[0]).toMatchObject({ traceId: null, status: 'succeeded' });
});

/** A port that nobody listens at. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
