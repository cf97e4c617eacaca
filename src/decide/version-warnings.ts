import type { GitHost } from '../git/contract.js';
import { officialVersion } from '../image/version/official-version.js';
import type { Service } from '../model/service.js';
import type { Warning } from '../model/warning.js';
import type { Reading } from '../reading/reading.js';

/** What a build of the commit would say of its version: see `officialVersion`. `asked`: the version that a call or artifact brings. */
export async function versionWarnings(
  service: Service,
  commit: string,
  asked: string | null,
  { git, reading }: { readonly git: GitHost; readonly reading: Reading },
): Promise<readonly Warning[]> {
  const { tree } = git.mirror(service.repository);
  const { warnings } = await officialVersion(asked, service, {
    read: (path, maxBytes) => tree.follow(commit, path, maxBytes),
    stated: reading.version,
  });
  return warnings.map((message) => ({ service: service.name, message }));
}
