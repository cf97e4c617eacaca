import type { Credentials } from '../contract.js';
import { sameRegistry } from '../../image-reference.js';
import { readFields, writeMessage } from '../bytes/wire.js';
import { unaryMethod, type SessionMethod } from './method.js';

const HOST_FIELD = 1;
const USERNAME_FIELD = 1;
const SECRET_FIELD = 2;

/**
 * Credentials for base images (BuildKit's `moby.filesync.v1.Auth`). Only their own host gets them. Any other gets an empty answer, which
 * means "go on without".
 */
export function authCredentials(credentials: Credentials | null): SessionMethod {
  return unaryMethod('/moby.filesync.v1.Auth/Credentials', (request) => {
    if (credentials === null || !sameRegistry(askedHost(request), credentials.host)) return writeMessage([]);
    return writeMessage([
      [USERNAME_FIELD, credentials.username],
      [SECRET_FIELD, credentials.password],
    ]);
  });
}

function askedHost(request: Buffer): string {
  for (const field of readFields(request)) {
    if (field.number === HOST_FIELD && field.kind === 'bytes') return field.value.toString();
  }
  return '';
}
