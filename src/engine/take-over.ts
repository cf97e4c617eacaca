import type { Builder, EngineImages } from './contract.js';

/**
 * A builder whose images name the steps of all their layers, of those too that were taken over from a registry. BuildKit leaves these out of
 * the record in the image that it makes of them (seen on 20.10), so the next engine without a cache would find nothing in it. Made once
 * more, now from layers that the engine has, the image is complete. Where the engine has the named image, its layers are there already.
 */
export function withTakeOver(builder: Builder, images: Pick<EngineImages, 'find' | 'remove'>): Builder {
  return {
    async build(request, onEvent, signal) {
      const fromElsewhere = request.cacheFrom !== null && (await images.find(request.cacheFrom)) === null;
      const made = await builder.build(request, onEvent, signal);
      if (!fromElsewhere) return made;
      const complete = await builder.build({ ...request, cacheFrom: null }, () => undefined, signal);
      if (complete.imageId !== made.imageId) await images.remove(made.imageId);
      return complete;
    },
  };
}
