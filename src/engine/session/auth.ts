import type { Credentials } from '../contract.js';
import { sameRegistry } from '../../image-reference.js';
import { readFields, writeMessage } from '../wire.js';
import { unaryMethod, type SessionMethod } from './method.js';

const hostField = 1;
const usernameField = 1;
const secretField = 2;

/**
 * Credentials for base images (BuildKit's `moby.filesync.v1.Auth`). Only their own host gets them. Any other gets an empty answer, which
 * means "go on without".
 */
export function authCredentials(credentials: Credentials | null): SessionMethod {
  return unaryMethod('/moby.filesync.v1.Auth/Credentials', (request) => {
    if (credentials === null || !sameRegistry(askedHost(request), credentials.host)) return writeMessage([]);
    return writeMessage([
      [usernameField, credentials.username],
      [secretField, credentials.password],
    ]);
  });
}

function askedHost(request: Buffer): string {
  for (const field of readFields(request)) {
    if (field.number === hostField && field.kind === 'bytes') return field.value.toString();
  }
  return '';
}
