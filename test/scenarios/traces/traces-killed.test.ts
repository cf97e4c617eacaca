/** A trace through a server that is killed while it builds. */
import { randomUUID } from 'node:crypto';
import { ApiClient, type ApiRequest, type BuildRow } from '../../support/api-client.js';
import { startChild, type Child } from '../../support/child.js';
import { openCollector, type Collector } from '../../support/collector.js';
import { TestSlipway, until } from '../../support/slipway.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const caller = 'b7ad6b7169203331';

/** A server in a process of its own. */
class Server extends ApiClient {
  readonly child: Child;

  constructor(config: string, { env }: Collector) {
    super();
    const program = new URL('../../support/mortal-server.ts', import.meta.url);
    this.child = startChild(program, [config, env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? '']);
  }

  async ready(): Promise<this> {
    await this.child.until((lines) => lines.includes('started'));
    return this;
  }

  override async send({ method, url, headers, payload }: ApiRequest) {
    const answer = await fetch(`${this.child.lines[0]}${url}`, {
      method,
      headers: { connection: 'close', ...headers },
      ...(typeof payload === 'string' && { body: payload }),
    });
    return { statusCode: answer.status, body: await answer.text() };
  }

  newest = async (): Promise<BuildRow | undefined> =>
    (await this.get<{ builds: BuildRow[] }>('/api/v1/builds')).builds[0];
}

test('goes on in the next process', async () => {
  const collector = await openCollector();
  const services = { app: { repository: 'abc/app', version: { value: '1.0' } } };
  const slipway = await TestSlipway.create({ services, registryHost: 'registry.test:5000' });
  await slipway.writeConfig();
  const files = { 'docker/Dockerfile': 'FROM scratch\nCOPY . /\nRUN sleep 1\n' };
  const after = await (await slipway.repo('abc/app')).commit({ files });
  const servers: Server[] = [];
  const start = async () => {
    const server = new Server(slipway.configFile, collector);
    servers.push(server);
    return server.ready();
  };
  try {
    const first = await start();
    await first.deliver('abc/app', 'main', { after }, randomUUID(), { traceparent: `00-${traceId}-${caller}-01` });
    await until('the build to run', async () => (await first.newest())?.steps.some(({ name }) => name === 'build'));
    await until('two spans', async () => collector.spans.length === 2);
    await first.child.kill();

    const second = await start();
    const build = await until('the build to end', async () => {
      const found = await second.newest();
      return found?.status === 'succeeded' ? found : null;
    });
    expect(build).toMatchObject({ traceId });
    const whole = await until('its span', async () => collector.spans.find(({ name }) => name === 'build app'));
    const [webhook, look] = ['POST /webhooks/github', 'look'].map((wanted) =>
      collector.spans.filter(({ name }) => name === wanted),
    );
    expect(webhook).toMatchObject([{ traceId, parent: caller }]);
    expect(look).toMatchObject([{ traceId, parent: webhook?.[0]?.spanId }]);
    expect(whole).toMatchObject({ traceId, parent: look?.[0]?.spanId });
    await until('its steps', async () =>
      collector.spans.some(({ name, parent }) => name === 'publish' && parent === whole.spanId),
    );
  } finally {
    for (const { child } of servers) await child.kill();
    await slipway.close();
    await collector.close();
  }
});
