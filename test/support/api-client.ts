/** What tests ask of a Slipway over HTTP, wherever it runs. */
import { createHmac, randomUUID } from 'node:crypto';

export const SECRET = 'webhook-secret';
export const TOKEN = 'ops-token';

export interface DecisionRow {
  readonly service: string;
  readonly branch: string;
  readonly decision: 'build' | 'skip';
  readonly reason: {
    readonly code: string;
    readonly message: string;
    readonly paths: string[];
    readonly patterns: string[];
  };
  readonly base: string | null;
  readonly head: string | null;
  readonly buildId: string | null;
}

export interface BuildRow {
  readonly id: string;
  readonly service: string;
  readonly branch: string;
  readonly commit: string;
  readonly status: string;
  readonly outcome: string | null;
  readonly trigger: { readonly kind: string; readonly deliveryId: string | null; readonly by: string | null };
  readonly reason: { readonly code: string };
  readonly dockerfile: { readonly source: string; readonly path: string; readonly commit: string | null } | null;
  readonly image: { readonly repository: string; readonly digest: string; readonly tags: string[] } | null;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly step: string | null;
    readonly stepIndex: number | null;
    readonly blame: string;
  } | null;
  readonly queuedAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly steps: { readonly name: string }[];
}

const CONDITION_MS = 60_000;
const LONGEST_PAUSE_MS = 20;

/** Waits until the condition gives something; polls, ever less often. */
export async function until<T>(what: string, condition: () => Promise<T | null | undefined | false>): Promise<T> {
  const deadline = Date.now() + CONDITION_MS;
  for (let pause = 1; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const value = await condition();
    if (value !== null && value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`waited in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload?: string | object;
}

export abstract class ApiClient {
  abstract send(request: ApiRequest): Promise<{ readonly statusCode: number; readonly body: string }>;

  /** Sends a signed push delivery, as GitHub does after the push; resolves with the delivery's id. */
  async deliver(
    repository: string,
    ref: string,
    shas: { before?: string; after: string },
    id: string = randomUUID(),
    headers: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const zeros = '0'.repeat(40);
    const { before = zeros, after } = shas;
    const payload = {
      ref: ref.startsWith('refs/') ? ref : `refs/heads/${ref}`,
      before,
      after,
      created: before === zeros,
      deleted: after === zeros,
      forced: false,
      repository: { full_name: repository, default_branch: 'main' },
      pusher: { name: 'ada' },
      commits: [],
      head_commit: null,
    };
    await this.webhook(id, payload, { headers });
    return id;
  }

  /** Sends a delivery with any payload, signed as GitHub does. Resolves with the answer's status. */
  async webhook(
    id: string,
    push: object,
    { event = 'push', headers = {} }: { event?: string; headers?: Readonly<Record<string, string>> } = {},
  ): Promise<string> {
    const payload = JSON.stringify(push);
    const response = await this.send({
      method: 'POST',
      url: '/webhooks/github',
      headers: {
        'content-type': 'application/json',
        'x-github-event': event,
        'x-github-delivery': id,
        'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(payload).digest('hex')}`,
        ...headers,
      },
      payload,
    });
    if (response.statusCode >= 300) throw new Error(`webhook: ${response.statusCode} ${response.body}`);
    const { status, reason } = JSON.parse(response.body) as { readonly status: string; readonly reason?: string };
    return reason === undefined ? status : `${status} ${reason}`;
  }

  /** Sends what GitHub says of a pull request of `head` for the branch. */
  pullRequest(
    id: string,
    head: string,
    more: { action?: string; body?: string; branch?: string } = {},
  ): Promise<string> {
    const { action = 'opened', body = '', branch = 'main' } = more;
    const pull_request = { body, head: { sha: head }, base: { ref: branch, sha: '1'.repeat(40) } };
    const repository = { full_name: 'abc/app' };
    return this.webhook(
      id,
      { action, number: 7, pull_request, repository, sender: { login: 'eve' } },
      { event: 'pull_request' },
    );
  }

  /** Delivers a push and waits for its decisions. */
  async push(repository: string, ref: string, shas: { before?: string; after: string }): Promise<DecisionRow[]> {
    return this.decisions(await this.deliver(repository, ref, shas));
  }

  async decisions(deliveryId: string): Promise<DecisionRow[]> {
    return until(`delivery ${deliveryId} to be planned`, async () => {
      const delivery = await this.get<{ status: string; decisions: DecisionRow[] }>(`/api/v1/deliveries/${deliveryId}`);
      return delivery.status !== 'accepted' && delivery.decisions;
    });
  }

  async get<T = Record<string, unknown>>(url: string): Promise<T> {
    const response = await this.request('GET', url);
    if (response.statusCode >= 400) throw new Error(`GET ${url}: ${response.statusCode} ${response.body}`);
    return JSON.parse(response.body) as T;
  }

  request(method: ApiRequest['method'], url: string, payload?: object, token = TOKEN) {
    return this.send({
      method,
      url,
      headers: { authorization: `Bearer ${token}` },
      ...(payload ? { payload } : {}),
    });
  }

  async post<T = Record<string, unknown>>(url: string, payload?: object): Promise<{ status: number; body: T }> {
    const response = await this.request('POST', url, payload);
    return { status: response.statusCode, body: JSON.parse(response.body || 'null') as T };
  }

  async build(id: string | null): Promise<BuildRow> {
    return this.get<BuildRow>(`/api/v1/builds/${id}`);
  }

  /** The build once it has ended. */
  async ended(id: string | null): Promise<BuildRow> {
    const build = await this.get<BuildRow>(`/api/v1/builds/${id}?wait=${CONDITION_MS / 1000}`);
    if (build.status === 'queued' || build.status === 'running') throw new Error(`build ${id} does not end`);
    return build;
  }

  async builds(query = ''): Promise<BuildRow[]> {
    return (await this.get<{ builds: BuildRow[] }>(`/api/v1/builds?limit=200${query}`)).builds;
  }

  async logOf(id: string | null): Promise<string> {
    return (await this.request('GET', `/api/v1/builds/${id}/log`)).body;
  }
}
