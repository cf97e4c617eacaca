import type { ErrorCode } from '../errors.js';
import { asksGit, posted } from './route.js';

/** What a call that asks for a deployment may be answered with. */
export const callCodes: readonly ErrorCode[] = [
  'unknown-service',
  'unknown-environment',
  'unknown-release',
  'service-not-in-environment',
  'no-release',
  'unknown-revision',
  'release-blocked',
  'release-not-verified',
  'run-file-invalid',
  'run-file-not-allowed',
  'variable-missing',
  'callback-not-allowed',
  'idempotency-conflict',
  'dockerfiles-unavailable',
  ...asksGit,
  ...posted,
];
