/** Types of compose.mjs for the tests. */

/** Path of Docker Compose, which is fetched once. */
export function ensureCompose(say: (line: string) => void): string;
