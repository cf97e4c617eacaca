import type { Verify } from '../../model/run-file.js';
import { findInText } from '../../patterns/find-in-text.js';
import { bodyPatternOf } from '../../verify-forms.js';

/** An answer over HTTP, cut to its limit. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** The version in an answer, or null. Without a place to look at, the whole body is the version. */
export function findVersion({ headers, body }: HttpAnswer, { json, header, body: pattern }: Verify): string | null {
  if (json !== undefined) return textAt(body, json);
  if (header !== undefined) {
    const value = headers[header.toLowerCase()];
    return typeof value === 'string' ? value.trim() : (value?.[0]?.trim() ?? null);
  }
  if (pattern !== undefined) return findInText(bodyPatternOf(pattern) ?? '', body);
  return body.trim();
}

/** The value that a JSON pointer (RFC 6901) names, if it is text or a number. */
function textAt(body: string, pointer: string): string | null {
  let value = parsed(body);
  for (const written of pointer.split('/').slice(1)) {
    const name = written.replaceAll('~1', '/').replaceAll('~0', '~');
    value = typeof value === 'object' && value !== null && isMember(value, name) ? Reflect.get(value, name) : undefined;
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : null;
}

/** What was written, and not the length of a list. */
const isMember = (value: object, name: string): boolean => Object.prototype.propertyIsEnumerable.call(value, name);

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
