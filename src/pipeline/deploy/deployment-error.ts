import { asSlipwayError, type ErrorCode } from '../../errors.js';
import type { DeploymentError } from '../../model/deployment.js';
import type { Mask } from '../../mask.js';

/** The faults of a release itself: it is not tried again by itself. */
const byService: readonly ErrorCode[] = [
  'container-crashed',
  'container-start-failed',
  'verification-timeout',
  'version-mismatch',
];

export const isByService = (code: ErrorCode): boolean => byService.includes(code);

/** Anything thrown as the error of a deployment, without secrets. */
export function errorOf(thrown: unknown, mask: Mask): DeploymentError {
  const { code, message, blame, extra } = asSlipwayError(thrown);
  const host = typeof extra['host'] === 'string' ? extra['host'] : null;
  return { code, message: mask(message), host, blame, faults: [] };
}
