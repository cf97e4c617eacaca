import { parseBounded } from '../bounded-json.js';
import { SlipwayError, type ErrorCode } from '../errors.js';
import { isPassingStatus } from '../passing-status.js';
import type { Answer } from './transport.js';

/**
 * What a registry's status means: the one table of its answers, as docs/errors.md shows it. API v2 spec, "Errors"; statuses without a row
 * there mean what RFC 9110 says. 404 of a manifest or a list of tags is an answer, "there is none".
 */
export function codeOfStatus(status: number, retryAt: number | null = null): ErrorCode {
  // A 403 that names a time is a rate limit.
  if (isPassingStatus(status) || (status === 403 && retryAt !== null)) return 'registry-unavailable';
  if (status === 401) return 'registry-unauthorized';
  return status >= 400 ? 'registry-refused' : 'registry-error';
}

type ErrorAnswer = Pick<Answer, 'status' | 'body' | 'retryAt'>;

/** The error for an unexpected answer. `asked` is a phrase such as `reading tag x of y`. */
export function answerError(host: string, asked: string, answer: ErrorAnswer): SlipwayError {
  return withCode(codeOfStatus(answer.status, answer.retryAt), host, asked, answer);
}

/** The error for a token server's answer. Its refusal concerns the credentials. */
export function tokenError(host: string, answer: ErrorAnswer): SlipwayError {
  const found = codeOfStatus(answer.status, answer.retryAt);
  const code = answer.status === 403 && found === 'registry-refused' ? 'registry-unauthorized' : found;
  return withCode(code, host, 'a request for a token', answer);
}

function withCode(code: ErrorCode, host: string, asked: string, { status, body, retryAt }: ErrorAnswer): SlipwayError {
  const said = registrySays(body);
  const message = `${host} answered ${asked} with status ${status}${said === null ? '' : ` (${said})`}.`;
  return new SlipwayError(code, message, { retryAt });
}

/** The first `errors` entry of the body (API v2 spec, "Errors"), shortened. Null for any other body. */
function registrySays(body: Buffer): string | null {
  const parsed = parseBounded(body);
  if (!isRecord(parsed) || !Array.isArray(parsed.errors)) return null;
  const first: unknown = parsed.errors[0];
  if (!isRecord(first) || typeof first.code !== 'string') return null;
  return (typeof first.message === 'string' ? `${first.code}: ${first.message}` : first.code).slice(0, 200);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
