import type { SessionCall } from '../../src/engine/session/method.js';
import { SlipwayError } from '../../src/errors.js';
import { askFor, engineFin, readSent, type SentPacket } from './sync-packets.js';

/** What the engine says when it is sent something; `over`: it breaks the call off. */
export type Script = (sent: SentPacket, said: { say(message: Buffer): void; over(): void }) => void;

/** A call of an engine that follows a script. */
export class ScriptedCall implements SessionCall {
  readonly sent: SentPacket[] = [];
  readonly #waiting: Buffer[] = [];
  #broken = false;
  #wake = (): void => undefined;

  constructor(
    private readonly headers: Readonly<Record<string, readonly string[]>>,
    private readonly script: Script,
  ) {}

  metadata(name: string): readonly string[] {
    return this.headers[name] ?? [];
  }

  get messages(): AsyncGenerator<Buffer> {
    return this.#listen();
  }

  async send(message: Buffer): Promise<void> {
    if (this.#broken) throw new SlipwayError('engine-unavailable', 'gone');
    const sent = readSent(message);
    this.sent.push(sent);
    this.script(sent, {
      say: (answer) => void this.#waiting.push(answer),
      over: () => void (this.#broken = true),
    });
    this.#wake();
  }

  async sendAll(messages: readonly Buffer[]): Promise<void> {
    for (const message of messages) await this.send(message);
  }

  notFound(): void {
    throw new Error('No call of a sync ends with this.');
  }

  async *#listen(): AsyncGenerator<Buffer> {
    for (;;) {
      const message = this.#waiting.shift();
      if (message) yield message;
      else if (this.#broken) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

/** Asks for these ids, in this order, once everything is offered, and is content when all have come. */
export const asking =
  (...ids: readonly number[]): Script =>
  (sent, { say }) => {
    if (sent.kind === 'end-of-stats') for (const id of ids) say(askFor(id));
    const last = ids.at(-1);
    const ended = last === undefined ? sent.kind === 'end-of-stats' : sent.kind === 'data' && sent.data.length === 0;
    if (ended && (last === undefined || (sent.kind === 'data' && sent.id === last))) say(engineFin);
  };
