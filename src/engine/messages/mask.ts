import { createMask, type Mask } from '../../mask.js';
import type { Secret } from '../../secret.js';

/** A Dockerfile's steps print much, so that a shorter text is too likely to be part of something else. */
const MIN_SECRET_CHARACTERS = 8;

/** Hides a build's secrets. */
export const maskOf = (secrets: Readonly<Record<string, Secret>>): Mask =>
  createMask(
    Object.values(secrets).map((secret) => secret.reveal()),
    MIN_SECRET_CHARACTERS,
  );
