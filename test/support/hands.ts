import { until } from './api-client.js';

/** Work that goes on until a test lets it end. */
export class Hands {
  readonly holding: string[] = [];
  readonly #waiting = new Map<string, () => void>();

  async hold(name: string): Promise<void> {
    this.holding.push(name);
    await new Promise<void>((resolve) => this.#waiting.set(name, resolve));
    this.holding.splice(this.holding.indexOf(name), 1);
  }

  async letGo(name: string): Promise<void> {
    await until(`${name} to be in hand`, async () => this.holding.includes(name));
    this.#waiting.get(name)?.();
  }

  holds(...names: string[]) {
    const wanted = names.sort().join();
    return until(`${wanted} to be in hand`, async () => [...this.holding].sort().join() === wanted);
  }
}
