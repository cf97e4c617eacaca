import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { Static } from 'typebox';
import { isoTime } from '../iso-time.js';
import type { LogChunk } from '../store/contract.js';
import type { ApiDeps } from './deps.js';
import type { LogQuery } from './fields.js';
import { onceOver } from './once-over.js';
import { onceRevoked, type RevokedDeps } from './once-revoked.js';
import type { App } from './route.js';
import { followUntilEnded, type Subject } from './until-ended.js';

const text = { schema: { type: 'string' } };

/** What the log of a build or a deployment is answered with. */
export const logAnswer = {
  description:
    'The log so far, or live. Without `follow`, the header `Slipway-Log-Next` has the number of the chunk that comes next: `from` of a later call.',
  content: { 'text/plain': text, 'application/x-ndjson': text },
};

interface Connection {
  readonly app: Pick<App, 'held'>;
  readonly reply: FastifyReply;
  readonly deps: RevokedDeps & Pick<ApiDeps, 'stopping'>;
}

/** Answers with a log: what there is, or with `follow` until `subject` has ended. */
export async function sendLog<T>(
  { app, reply, deps }: Connection,
  { from = 0, format = 'text', follow }: Static<typeof LogQuery>,
  subject: Subject<T>,
  read: (from: number) => Promise<readonly LogChunk[]>,
): Promise<unknown> {
  const render = format === 'text' ? ({ text: said }: LogChunk) => said : lineOf;
  const piece = async (begin: number) => {
    const chunks = await read(begin);
    const last = chunks.at(-1);
    return { text: chunks.map(render).join(''), next: last === undefined ? begin : last.number + 1 };
  };
  void reply.type(format === 'text' ? 'text/plain; charset=utf-8' : 'application/x-ndjson; charset=utf-8');
  if (follow !== true) {
    const said = await piece(from);
    return reply.header('slipway-log-next', String(said.next)).send(said.text);
  }
  app.held.hold(reply);
  const gone = new AbortController();
  const stream = Readable.from(followUntilEnded(subject, piece, gone.signal, deps, from));
  const leave = () => {
    gone.abort();
    stream.destroy();
  };
  onceOver(reply, leave);
  onceRevoked(reply, deps, leave);
  return reply.send(stream);
}

const lineOf = ({ number, at, step, text: said }: LogChunk): string =>
  `${JSON.stringify({ number, at: at === null ? null : isoTime(at), step, text: said })}\n`;
