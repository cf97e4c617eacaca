import { faultOf } from '../process/faults.js';
import type { GitOutcome } from '../process/run-git.js';

type Read = (args: readonly string[]) => Promise<GitOutcome>;

/**
 * True if the mirror in that folder is to blame for a failed transfer. What a host sends may be as broken as a damaged mirror, and git says
 * the same of both. So only a file of the mirror that git names, or a walk through its commits and trees, condemns it.
 */
export async function isDamaged(transfer: GitOutcome, folder: string, read: Read): Promise<boolean> {
  if (faultOf(transfer)?.kind !== 'corrupt') return false;
  const namesFile = (line: string) => line.includes(`${folder}/`) && !line.includes('/tmp_');
  if (transfer.complaint.split('\n').some(namesFile)) return true;
  const walked = await read(['rev-list', '--objects', '--filter=blob:none', '--quiet', '--all']);
  return walked.code !== 0 || faultOf(walked) !== null;
}
