/** The fault of a text, as the end of a sentence, or null. Never quotes a text that may hold a secret. */
export type Check = (text: string) => string | null;

export const unless =
  (isRight: (text: string) => boolean, message: string): Check =>
  (text) =>
    isRight(text) ? null : message;

export const fits = (grammar: RegExp, message: string): Check => unless((text) => grammar.test(text), message);

/** True for an http:// or https:// address without credentials, query and fragment. */
export function isHttpUrl(text: string): boolean {
  const url = parseUrl(text);
  if (url === null || !/^https?:$/.test(url.protocol) || !/^https?:\/\//i.test(text)) return false;
  return url.username === '' && url.password === '' && !/[?#\s]/.test(text);
}

export function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

export const MAX_PORT = 65_535;
