import type { Config } from '../../config/config.js';
import { asSlipwayError } from '../../errors.js';
import { createAppTokens } from '../../pipeline/notify/github/app.js';
import { fault, note, ok, type Check } from './check.js';

/** Whether the GitHub App of the configuration signs in to the first repository. Null: there is no App. */
export async function checkApp(
  { github: { app, apiUrl }, services }: Config,
  now: () => number,
): Promise<Check | null> {
  if (app === null) return null;
  const name = 'github';
  const [first] = services.values();
  if (first === undefined)
    return note(name, 'The App was not tried: no service is configured.', 'Configure a service.');
  try {
    await createAppTokens({ ...app, apiUrl, fetch, clock: { now } }).tokenFor(first.repository);
    return ok(name, `the App signs in to ${first.repository}`);
  } catch (thrown) {
    return fault(
      name,
      `the App does not sign in to ${first.repository}: ${asSlipwayError(thrown).message}`,
      'Check github.app.id and github.app.privateKey, and install the App in the repository.',
    );
  }
}
