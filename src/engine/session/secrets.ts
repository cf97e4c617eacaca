import type { Secret } from '../../secret.js';
import { readFields, writeMessage } from '../bytes/wire.js';
import { unaryMethod, type SessionMethod } from './method.js';

const ID_FIELD = 1;
const DATA_FIELD = 1;

/**
 * Secrets for `RUN --mount=type=secret` (BuildKit's `moby.buildkit.secrets.v1.Secrets`). A step gets a secret by its id, and the engine
 * keeps it for that step only. A missing secret is not a failure here: the Dockerfile says whether it is required.
 */
export function buildSecrets(secrets: Readonly<Record<string, Secret>>): SessionMethod {
  return unaryMethod('/moby.buildkit.secrets.v1.Secrets/GetSecret', (request) => {
    const id = askedId(request);
    const secret = Object.hasOwn(secrets, id) ? secrets[id] : undefined;
    return secret === undefined ? null : writeMessage([[DATA_FIELD, secret.reveal()]]);
  });
}

function askedId(request: Buffer): string {
  for (const field of readFields(request)) {
    if (field.number === ID_FIELD && field.kind === 'bytes') return field.value.toString();
  }
  return '';
}
