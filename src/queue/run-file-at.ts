import type { PackagingReader } from '../decide/packaging-reader.js';
import { asSlipwayError } from '../errors.js';
import { faultyRunFile } from '../image/packaging/run-file-search.js';
import type { Service } from '../model/service.js';
import type { ReleaseToMake } from './releases.js';

/**
 * The run file of a commit that may be old. A commit that the host no longer has may have had one: nobody may run its image as if it had
 * none. Fails as the git host does.
 */
export async function runFileAt(
  service: Service,
  commit: string,
  reader: Pick<PackagingReader, 'runFile' | 'runFileTexts'>,
): Promise<Pick<ReleaseToMake, 'runFile' | 'texts'>> {
  try {
    return { runFile: await reader.runFile(service, commit), texts: () => reader.runFileTexts(service, commit) };
  } catch (thrown) {
    const { code } = asSlipwayError(thrown);
    if (code !== 'commit-not-found') throw thrown;
    const fault = `The run file cannot be read: commit ${commit} is no longer in ${service.repository}.`;
    const runFile = faultyRunFile({ source: 'none', path: null, commit: null }, fault);
    return { runFile, texts: async () => [{ environment: null, content: null, fault }] };
  }
}
