import { request } from 'node:http';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';

type Holds = (status: string) => boolean;

/** What becomes of deliveries and builds, as the server tells it by itself: asking again and again would keep it from its work. */
export class Changes {
  readonly #status = new Map<string, string>();
  readonly #waiting = new Map<string, Set<() => void>>();

  /** Follows the server's events from now on, until it ends. */
  async follow(port: number, token: string): Promise<void> {
    const headers = { authorization: `Bearer ${token}` };
    const asked = request({ host: '127.0.0.1', port, path: '/api/v1/events?types=build,delivery', headers });
    asked.end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    answer.on('error', () => {});
    createInterface({ input: answer }).on('line', (line) => {
      if (line.startsWith('data: '))
        this.#take(JSON.parse(line.slice('data: '.length)) as { id: string; status: string });
    });
  }

  #take({ id, status }: { readonly id: string; readonly status: string }): void {
    this.#status.set(id, status);
    for (const look of this.#waiting.get(id) ?? []) look();
  }

  /** Resolves once the delivery or build is known to have such a status. */
  until(id: string, holds: Holds): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        const status = this.#status.get(id);
        if (status === undefined || !holds(status)) return;
        this.#waiting.get(id)?.delete(look);
        resolve();
      };
      this.#waiting.set(id, (this.#waiting.get(id) ?? new Set()).add(look));
      look();
    });
  }
}
