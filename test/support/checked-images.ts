import type { EngineImages } from '../../src/engine/contract.js';
import { SlipwayError, type ErrorCode } from '../../src/errors.js';
import { isSha256Digest, parseReference } from '../../src/image-reference.js';

/** Images of a fake engine that is never asked about a name that is not a reference. */
export function checkedImages(images: EngineImages): EngineImages {
  return {
    find: async (nameOrId) => (isNameOrId(nameOrId) ? images.find(nameOrId) : null),
    resolveBase: async (reference) => (parseReference(reference) ? images.resolveBase(reference) : null),
    async pull(reference, signal) {
      requireReference(reference, 'base-image-not-found');
      await images.pull(reference, signal);
    },
    async tag(imageId, name) {
      if (!isSha256Digest(imageId)) throw new SlipwayError('internal', `${imageId} is not an id.`);
      requireReference(name, 'internal');
      await images.tag(imageId, name);
    },
    async push(name, onLine, signal) {
      requireReference(name, 'internal');
      await images.push(name, onLine, signal);
    },
    async remove(nameOrId) {
      if (isNameOrId(nameOrId)) await images.remove(nameOrId);
    },
  };
}

const isNameOrId = (text: string): boolean => isSha256Digest(text) || parseReference(text) !== null;

function requireReference(name: string, code: ErrorCode): void {
  if (parseReference(name) === null) throw new SlipwayError(code, `${name} is not a reference.`);
}
