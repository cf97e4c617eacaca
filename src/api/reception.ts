import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../clock.js';
import { SlipwayError } from '../errors.js';
import { createByteBudget, type ByteBudget } from './byte-budget.js';
import { createDeadlines, type Deadlines, type Expiring } from './deadlines.js';
import type { HttpLimits } from './limits.js';
import { onceOver } from './once-over.js';
import type { App } from './route.js';

/** A chunk of one byte takes this much memory (480 bytes measured with Node 20), and a body may consist of such chunks. */
const CHUNK_BYTES = 512;

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it arrives, or null. */
    reception: Reception | null;
  }
}

/** A body that is being received, with a time limit after its headers. */
export interface Reception {
  /**
   * The whole body. Fails with `payload-too-large` over `limit` bytes, at once if the headers say so; `request-timeout`; `too-busy` if
   * bodies of callers without a token take too much memory together; `invalid-request` if it ends early.
   */
  read(limit: number): Promise<Buffer>;
  /** For a body that is streamed: each chunk restarts the time. `late` is called when it is over. */
  byProgress(late: (error: SlipwayError) => void): void;
}

export interface ReceptionDeps {
  readonly clock: Clock;
  readonly limits: Pick<HttpLimits, 'receiveMs' | 'unsignedBytes'>;
}

const noBody = Promise.resolve(Buffer.alloc(0));

/** Watches every body. An unread one, whose request is already answered, is discarded until its time is over. */
export function installReceptions(app: App, { clock, limits }: ReceptionDeps): void {
  const deadlines = createDeadlines(clock, limits.receiveMs);
  const budget = createByteBudget(limits.unsignedBytes);
  app.decorateRequest('reception', null);
  app.addHook('onRequest', (request, reply, done) => {
    if (hasBody(request.headers)) request.reception = new WatchedBody(request, reply, deadlines, budget);
    done();
  });
  app.addHook('onClose', async () => deadlines.stop());
}

/** The body of a request, possibly empty. See `Reception.read`. */
export function readBody({ reception }: FastifyRequest, limit: number): Promise<Buffer> {
  return reception ? reception.read(limit) : noBody;
}

/** RFC 9112, 6.3: without either header a request has no body. */
function hasBody(headers: IncomingHttpHeaders): boolean {
  return (headers['content-length'] ?? '0') !== '0' || headers['transfer-encoding'] !== undefined;
}

class WatchedBody implements Reception, Expiring {
  #late: ((error: SlipwayError) => void) | null = null;
  #renewed = false;
  #taken = 0;

  constructor(
    private readonly request: FastifyRequest,
    private readonly reply: FastifyReply,
    private readonly deadlines: Deadlines,
    private readonly budget: ByteBudget,
  ) {
    deadlines.set(this);
    request.raw.once('close', () => deadlines.clear(this));
  }

  expire(): void {
    const { raw } = this.request;
    // It has arrived completely and may be read later.
    if (raw.complete) return;
    // We are slow, not the client.
    if (this.#renewed && raw.isPaused()) this.deadlines.set(this);
    else if (this.#late && !this.reply.sent)
      this.#late(new SlipwayError('request-timeout', 'The body came too slowly.'));
    else raw.destroy();
  }

  byProgress(late: (error: SlipwayError) => void): void {
    this.#late = late;
    this.#renewed = true;
    this.request.raw.on('data', () => this.deadlines.set(this));
  }

  read(limit: number): Promise<Buffer> {
    const { raw, headers } = this.request;
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let length = 0;
      const stop = () => {
        raw.off('data', add).off('end', end).off('error', broken);
        this.#late = null;
      };
      const fail = (error: SlipwayError) => {
        stop();
        this.#giveBack();
        reject(error);
      };
      const add = (chunk: Buffer) => {
        length += chunk.length;
        if (length > limit) return fail(tooLarge(limit));
        if (!this.#take(chunk.length + CHUNK_BYTES)) return fail(busy());
        chunks.push(chunk);
      };
      const end = () => {
        stop();
        this.deadlines.clear(this);
        resolve(Buffer.concat(chunks, length));
      };
      const broken = (cause: Error) => fail(new SlipwayError('invalid-request', 'The body ended early.', { cause }));
      if (Number(headers['content-length']) > limit) return reject(tooLarge(limit));
      this.#late = fail;
      raw.on('data', add).on('end', end).on('error', broken);
    });
  }

  #take(bytes: number): boolean {
    if (this.request.token !== null) return true;
    if (!this.budget.take(bytes)) return false;
    const isFirst = this.#taken === 0;
    this.#taken += bytes;
    if (isFirst) onceOver(this.reply, () => this.#giveBack());
    return true;
  }

  #giveBack(): void {
    this.budget.giveBack(this.#taken);
    this.#taken = 0;
  }
}

function tooLarge(limit: number): SlipwayError {
  return new SlipwayError('payload-too-large', `A body may have ${limit} bytes here.`);
}

function busy(): SlipwayError {
  return new SlipwayError('too-busy', 'Other requests without a token take all the memory that there is for them.');
}
