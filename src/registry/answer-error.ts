import { parseBounded } from '../bounded-json.js';
import { SlipwayError, type ErrorCode } from '../errors.js';
import type { Answer } from './transport.js';

/** The error code for a status. The registry may recover from 429 and 5xx by itself. Everything else is a refusal. */
export function codeOfStatus(status: number): ErrorCode {
  if (status === 401 || status === 403) return 'registry-unauthorized';
  if (status === 429 || status >= 500) return 'registry-unavailable';
  return 'registry-error';
}

/** The error for an unexpected answer. `asked` is a phrase such as `reading tag x of y`. */
export function answerError(host: string, asked: string, answer: Pick<Answer, 'status' | 'body'>): SlipwayError {
  const said = registrySays(answer.body);
  const message = `${host} answered ${asked} with status ${answer.status}${said === null ? '' : ` (${said})`}.`;
  return new SlipwayError(codeOfStatus(answer.status), message);
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
