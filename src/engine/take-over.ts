import type { Builder, EngineImages } from './contract.js';

/**
 * A builder whose images name the steps of all their layers, of those too that were taken over from a registry. BuildKit leaves these out of
 * the record in the image that it makes of them (seen on 20.10), so the next engine without a cache would find nothing in it. Made once
 * more, now from layers that the engine has, the image is complete. Where the engine has the named image, its layers are there already: that
 * is asked beside the build, which gives the engine no image of that name.
 */
export function withTakeOver(builder: Builder, images: Pick<EngineImages, 'find' | 'remove'>): Builder {
  return {
    async build(request, onEvent, signal) {
      const isHere = request.cacheFrom === null || hasImage(images, request.cacheFrom);
      const made = await builder.build(request, onEvent, signal);
      if (await isHere) return made;
      const complete = await builder.build({ ...request, cacheFrom: null }, () => undefined, signal);
      if (complete.imageId !== made.imageId) await images.remove(made.imageId);
      return complete;
    },
  };
}

/** Where that cannot be known, no: making an image complete that is so already does no harm. */
async function hasImage(images: Pick<EngineImages, 'find'>, name: string): Promise<boolean> {
  return images.find(name).then(
    (id) => id !== null,
    () => false,
  );
}
