import { parseBounded } from '../bounded-json.js';
import { SlipwayError } from '../errors.js';
import { isRecord } from './answer-error.js';
import type { ImageConfig } from './contract.js';
import { digestOf } from './manifest.js';

/**
 * Reads the configuration of an image (OCI image specification, "Image configuration") and checks its bytes against the digest. Fails with
 * `digest-mismatch`, or `registry-error` for an unknown form.
 */
export function readImageConfig(body: Buffer, digest: string): ImageConfig {
  const found = digestOf(body);
  if (found !== digest)
    throw new SlipwayError('digest-mismatch', `The image configuration ${digest} has digest ${found}.`);
  const content = parseBounded(body);
  if (!isRecord(content))
    throw new SlipwayError('registry-error', `The image configuration ${digest} is not a JSON object.`);
  return { entrypoint: entrypointOf(content.config) };
}

/** An empty list is as good as none. */
function entrypointOf(config: unknown): readonly string[] | null {
  const words: unknown = isRecord(config) ? config.Entrypoint : null;
  if (!Array.isArray(words)) return null;
  const texts = words.filter((word: unknown): word is string => typeof word === 'string');
  return texts.length === 0 ? null : texts;
}
