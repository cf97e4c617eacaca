import { answerError } from './answer-error.js';
import { requireRepositoryName } from './names.js';
import type { Send } from './send.js';

const MAX_ANSWER_BYTES = 1 << 20;

/**
 * Starts the upload of a blob and cancels it (API v2 spec, "Pushing a blob in chunks" and "Canceling an upload"). Nothing is left behind; a
 * registry that cancels no uploads drops this one by itself. Fails as the other methods of a registry.
 */
export async function tryUpload(send: Send, api: URL, repository: string): Promise<void> {
  requireRepositoryName(repository);
  const request = { limit: MAX_ANSWER_BYTES, scope: `repository:${repository}:pull,push` };
  const begun = await send({ ...request, method: 'POST', url: new URL(`${repository}/blobs/uploads/`, api) });
  if (begun.status !== 202) throw answerError(api.host, `starting an upload to ${repository}`, begun);
  const upload = placeOf(begun.headers.get('location'), api);
  if (upload === null) return;
  try {
    await send({ ...request, method: 'DELETE', url: upload });
  } catch {
    // The right to push is shown.
  }
}

/** Where the upload is at the registry itself, or null. Behind a proxy, a registry may name another scheme for itself. */
function placeOf(location: string | null, api: URL): URL | null {
  if (location === null || !URL.canParse(location, api.href)) return null;
  const { host, pathname, search } = new URL(location, api);
  return host === api.host ? new URL(`${pathname}${search}`, api) : null;
}
