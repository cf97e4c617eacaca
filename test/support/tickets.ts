import { until, type ApiClient } from './api-client.js';

/** A deployment, as the API shows it. */
export interface Ticket {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly finishedAt: string | null;
  readonly waitingFor: { readonly code: string; readonly message: string; readonly until: string | null } | null;
  readonly requestedBy: string;
  readonly approvals: readonly { readonly by: string }[];
  readonly error: { readonly code: string; readonly host: string | null; readonly message: string } | null;
  readonly release: { readonly number: number; readonly tag: string; readonly digest: string };
  readonly from: { readonly number: number } | null;
  readonly warnings: readonly string[];
  readonly steps: readonly { readonly name: string }[];
  readonly hosts: readonly {
    readonly host: string;
    readonly state: string;
    readonly verifications: readonly { readonly answer: string; readonly ok: boolean }[];
  }[];
}

/** An answer of the API. */
export interface Answered {
  readonly status: number;
  readonly body: unknown;
}

/** What somebody who deploys a service does. */
export class Tickets {
  constructor(
    private readonly client: () => ApiClient,
    private readonly service = 'shop',
    private readonly environment = 'production',
  ) {}

  /** The same for another environment. */
  in(environment: string): Tickets {
    return new Tickets(this.client, this.service, environment);
  }

  /** Asks for a deployment. */
  ask(more: object): Promise<Answered> {
    return this.client().post('/api/v1/deployments', {
      service: this.service,
      environment: this.environment,
      ...more,
    });
  }

  /** The same, which has to be accepted; resolves with its id. */
  async begin(more: object): Promise<string> {
    return idOf(await this.ask(more));
  }

  /** The same, once it has ended. */
  async deploy(more: object = { branch: 'main' }): Promise<Ticket> {
    return this.ended(await this.begin(more));
  }

  /** `rollback`, `stop`, `start`, `restart` or `adopt-observed`, once it has ended. */
  async act(what: string, more: object = {}): Promise<Ticket> {
    return this.ended(idOf(await this.askTo(what, more)));
  }

  askTo(what: string, more: object = {}): Promise<Answered> {
    return this.client().post(`/api/v1/environments/${this.environment}/services/${this.service}/${what}`, more);
  }

  get(id: string, query = ''): Promise<Ticket> {
    return this.client().get<Ticket>(`/api/v1/deployments/${id}${query}`);
  }

  ended(id: string): Promise<Ticket> {
    return until(`deployment ${id} to end`, async () => {
      const found = await this.get(id, '?wait=20');
      return found.finishedAt !== null && found;
    });
  }

  /** The deployments of the service there, the newest first. */
  async all(): Promise<readonly Ticket[]> {
    const query = `service=${this.service}&environment=${this.environment}&limit=50`;
    return (await this.client().get<{ deployments: Ticket[] }>(`/api/v1/deployments?${query}`)).deployments;
  }

  /** The service, as the environment shows it. */
  async shown(): Promise<ShownService> {
    const { services } = await this.client().get<{ services: (ShownService & { service: string })[] }>(
      `/api/v1/environments/${this.environment}`,
    );
    const found = services.find(({ service }) => service === this.service);
    if (found === undefined) throw new Error(`${this.environment} does not show ${this.service}`);
    return found;
  }

  /** Resolves when the hosts are seen to run what is desired, and nothing is under way. */
  settled(release: number): Promise<ShownService> {
    return until(`release ${release} to run everywhere in ${this.environment}`, async () => {
      const busy = (await this.all()).some(({ finishedAt }) => finishedAt === null);
      const shown = await this.shown();
      const isThere = shown.hosts.every((one) => one.release === release && one.state === 'running');
      return !busy && isThere && shown.desired?.release === release && shown;
    });
  }
}

/** A service in an environment. */
export interface ShownService {
  readonly desired: { readonly release: number } | null;
  readonly pending: readonly { readonly field: string }[];
  readonly scale: { readonly running: number; readonly wanted: number };
  readonly hosts: readonly {
    readonly host: string;
    readonly release: number | null;
    readonly state: string;
    readonly drift: readonly { readonly field: string; readonly wanted: unknown; readonly found: unknown }[];
  }[];
}

/** The id in an answer that accepts. */
export function idOf({ status, body }: Answered): string {
  if (status !== 202) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return (body as { id: string }).id;
}
