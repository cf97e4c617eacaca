import { ensureOpenSshServer } from '../../../scripts/parts/openssh.mjs';
import { compileThreads, startGitServer } from './parts.mjs';

export default async function setUp() {
  process.env.TEST_OPENSSH = ensureOpenSshServer(console.log);
  compileThreads();
  await startGitServer();
}
