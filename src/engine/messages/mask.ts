import type { Secret } from '../../secret.js';

/** Shorter secrets are too likely to be part of other words. */
const MIN_SECRET_CHARACTERS = 8;

/** Removes secrets from a text. */
export type Mask = (text: string) => string;

/**
 * Replaces with `***` every secret of at least eight characters, and every such line of a longer one, because output comes line by line.
 * This only catches accidents: a secret that is encoded or cut up is not recognised.
 */
export function maskOf(secrets: Readonly<Record<string, Secret>>): Mask {
  const lines = Object.values(secrets).flatMap((secret) => secret.reveal().split(/\r?\n/));
  const hidden = [...new Set(lines.map((line) => line.trim()))].filter((line) => line.length >= MIN_SECRET_CHARACTERS);
  // The longest first, or parts of a secret that contains another would stay.
  hidden.sort((a, b) => b.length - a.length);
  return (text) => hidden.reduce((masked, line) => masked.replaceAll(line, '***'), text);
}
