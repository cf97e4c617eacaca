import { ApiClient, type ApiRequest } from './api-client.js';
import { startChild, type Child } from './child.js';

/** A Slipway in a process of its own, which can really be killed. */
export class ChildSlipway extends ApiClient {
  private constructor(
    private readonly child: Child,
    private readonly address: string,
  ) {
    super();
  }

  static async start(config: string): Promise<ChildSlipway> {
    const child = startChild(new URL('hosts-server.ts', import.meta.url), [config]);
    await child.until(([address]) => address !== undefined);
    return new ChildSlipway(child, child.lines[0] ?? '');
  }

  /** SIGKILL. */
  kill(): Promise<void> {
    return this.child.kill();
  }

  override async send({ method, url, headers, payload }: ApiRequest) {
    const sent = new Headers({ ...headers, connection: 'close' });
    if (typeof payload === 'object') sent.set('content-type', 'application/json');
    const body = typeof payload === 'object' ? JSON.stringify(payload) : (payload ?? null);
    const answer = await fetch(`${this.address}${url}`, { method, headers: sent, body });
    return { statusCode: answer.status, body: await answer.text() };
  }
}
