/** The parts around Slipway that demo and tests need: engine, registry, base image, programs, npm packages. */
export { ensureBaseImage, importImage } from './parts/base-image.mjs';
export { createCleanup } from './parts/cleanup.mjs';
export { ensureEngine, ensurePrivateEngines, startOtherEngine } from './parts/engine.mjs';
export { engineClient } from './parts/engine-client.mjs';
export { ensureBuilt, ensureInstalled, root } from './parts/project.mjs';
export { ensurePrograms } from './parts/programs.mjs';
export {
  removePrivateEngine,
  restartPrivateEngine,
  startPrivateEngine,
  stopPrivateEngine,
} from './parts/private-engine.mjs';
export { freePort, registryUser, startRegistry } from './parts/registry.mjs';
