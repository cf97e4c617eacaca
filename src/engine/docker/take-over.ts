import type { Builder, EngineImages } from '../contract.js';

/**
 * A builder whose images describe the steps of all layers, including cached layers from a registry. BuildKit omits those from the image's
 * cache record (seen on 20.10), so the next engine without a cache would find nothing. Building again, now from layers that the engine has,
 * completes the image. If the engine has the named image, it has the layers. That is checked during the build, which gives the engine no
 * image of that name.
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

/** If unknown, false: completing a complete image does no harm. */
async function hasImage(images: Pick<EngineImages, 'find'>, name: string): Promise<boolean> {
  return images.find(name).then(
    (id) => id !== null,
    () => false,
  );
}
