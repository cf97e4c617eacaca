import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { TSchema } from 'typebox';
import { errorCodes, type ErrorCode } from '../errors.js';

/** The HTTP server, with handlers typed by their schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

const contentOfProblem = { 'application/problem+json': { schema: { $ref: 'Problem#' } } };

/** Every route may also answer these: a bad request, an internal error, an unavailable database. */
const everywhere: readonly ErrorCode[] = ['invalid-request', 'internal', 'store-unavailable'];
const guarded: readonly ErrorCode[] = ['unauthorized', 'forbidden', 'csrf'];
/** Every POST route may also answer these, even if it reads no body. */
export const posted: readonly ErrorCode[] = [
  'request-timeout',
  'payload-too-large',
  'unsupported-media-type',
  'too-busy',
];
/** Routes that ask the git host may also answer these. */
export const asksGit: readonly ErrorCode[] = [
  'git-unavailable',
  'git-unauthorized',
  'commit-not-found',
  'repository-too-large',
];

/**
 * The response schemas of a route that needs a token: its successes by status, and a problem for each error code. The type covers only the
 * successes, because errors are thrown.
 */
export function answers<T extends Record<number, unknown>>(good: T, codes: readonly ErrorCode[] = []): T {
  return openAnswers(good, [...guarded, ...codes]);
}

/** Like `answers`, for a route without access control. */
export function openAnswers<T extends Record<number, unknown>>(good: T, codes: readonly ErrorCode[] = []): T {
  const problems = [...byStatus([...everywhere, ...codes])].map(([status, its]) => [
    status,
    { description: its.map((code) => `\`${code}\`: ${errorCodes[code].meaning}`).join(' '), content: contentOfProblem },
  ]);
  return { ...Object.fromEntries(problems), ...good };
}

/** A success that is not JSON. */
export function plainAnswer(mediaType: string, description: string) {
  return { description, content: { [mediaType]: { schema: { type: 'string' } } } };
}

/** A copy of a schema with a description. */
export function described<T extends TSchema>(schema: T, description: string): T {
  return { ...schema, description };
}

function byStatus(codes: readonly ErrorCode[]): Map<number, ErrorCode[]> {
  const groups = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = errorCodes[code];
    groups.set(status, [...(groups.get(status) ?? []), code]);
  }
  return groups;
}
