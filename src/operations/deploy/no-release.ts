import { SlipwayError } from '../../errors.js';
import type { Decision } from '../../model/decision.js';

/** That no release fits, with the decision that says why. `why` false: the message has said it better. */
export function noRelease(
  message: string,
  decision: (Decision & { readonly buildId?: string | null }) | null = null,
  { why = true } = {},
): SlipwayError {
  if (decision === null) return new SlipwayError('no-release', message, { extra: { decision: null } });
  const { service, branch, decision: decided, reason, base, head, buildId = null } = decision;
  return new SlipwayError('no-release', why ? `${message} ${reason.message}` : message, {
    extra: { decision: { service, branch, decision: decided, reason, base, head, buildId } },
  });
}
