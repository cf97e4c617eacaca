import { createMask, type Mask } from '../../mask.js';
import type { KeptSpecification } from '../../model/deployment.js';
import type { Variables } from '../../model/run-file.js';
import { MIN_SECRET_CHARACTERS, secretTexts } from '../../specification/secret-texts.js';

/** Hides the secret values of a specification, and the contents of the variables that they were made of. */
export const maskOf = (specification: KeptSpecification, variables: readonly Variables[]): Mask =>
  createMask(secretTexts({ variables, specifications: [specification] }), MIN_SECRET_CHARACTERS);
