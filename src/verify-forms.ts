/** The forms of what `verify` holds, the same in the configuration and in run files. */
export const verifyForms = {
  host: (text: string) => /^[^\s/]+$/.test(text),
  path: (text: string) => /^\/[^\s\0]*$/.test(text),
  /** Name of a header (RFC 9110, section 5.1). */
  header: (text: string) => /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text),
  headerValue: (text: string) => !/[\r\n\0]/.test(text),
  /** Pointer into a JSON document (RFC 6901); the empty one is the whole document. */
  json: (text: string) => /^(?:\/.*)?$/s.test(text),
} as const;

export const verifySchemes = ['http', 'https'] as const;

/** What begins a regular expression in `verify.body`. */
const bodyPrefix = 'regex:';

/** The regular expression of `verify.body`, which is written `regex:…`. Null for another text. */
export const bodyPatternOf = (text: string): string | null =>
  text.startsWith(bodyPrefix) ? text.slice(bodyPrefix.length) : null;
