import { ApiClient, type ApiRequest } from './api-client.js';
import { startChild, type Child } from './child.js';

/** A Slipway in a process of its own, which can really be killed. It waits, and touches nothing, until `ready` is called, and is there once that resolves. */
export class ChildSlipway extends ApiClient {
  readonly #child: Child;

  /** `behind`: a command that becomes the one that follows it. */
  constructor(config: string, behind: readonly string[] = []) {
    super();
    this.#child = startChild(new URL('hosts-server.ts', import.meta.url), [config], { behind });
  }

  /** Fails if it ends before. */
  ready(): Promise<void> {
    this.#child.tell('begin');
    return this.#child.until(([address]) => address !== undefined);
  }

  /** SIGKILL. */
  kill(): Promise<void> {
    return this.#child.kill();
  }

  override async send({ method, url, headers, payload }: ApiRequest) {
    const sent = new Headers({ ...headers, connection: 'close' });
    if (typeof payload === 'object') sent.set('content-type', 'application/json');
    const body = typeof payload === 'object' ? JSON.stringify(payload) : (payload ?? null);
    const answer = await fetch(`${this.#child.lines[0]}${url}`, { method, headers: sent, body });
    return { statusCode: answer.status, body: await answer.text() };
  }
}
