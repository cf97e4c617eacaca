import { createMask, type Mask } from '../mask.js';
import type { Environment } from '../model/environment.js';
import { MIN_SECRET_CHARACTERS, secretTexts } from './secret-texts.js';

/** Hides the secret variables of all environments, as they are configured when it is used. */
export const environmentsMask =
  (environments: () => ReadonlyMap<string, Environment>): Mask =>
  (text) => {
    const variables = [...environments().values()].map((environment) => environment.variables.reveal());
    return createMask(secretTexts({ variables, specifications: [] }), MIN_SECRET_CHARACTERS)(text);
  };
