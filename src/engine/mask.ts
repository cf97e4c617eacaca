import type { Secret } from '../secret.js';

/** Shorter ones are too likely to be part of other words, of which the log would then be full of holes. */
const shortest = 8;

/** Takes secrets out of a text that may quote them. */
export type Mask = (text: string) => string;

/**
 * Puts `***` in the place of every secret of at least eight characters, and of every such line of one that has several: output comes line
 * by line. A net below those who print a secret by mistake, no more: a secret that is encoded or cut up is not known again.
 */
export function maskOf(secrets: Readonly<Record<string, Secret>>): Mask {
  const lines = Object.values(secrets).flatMap((secret) => secret.reveal().split(/\r?\n/));
  const hidden = [...new Set(lines.map((line) => line.trim()))].filter((line) => line.length >= shortest);
  // The longest first, or what is left of one that holds another would stay.
  hidden.sort((a, b) => b.length - a.length);
  return (text) => hidden.reduce((masked, line) => masked.replaceAll(line, '***'), text);
}
