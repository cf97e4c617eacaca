import { ensureHaproxy } from '../../../scripts/parts/haproxy.mjs';
import { compileThreads, startGitServer } from './parts.mjs';

export default async function setUp() {
  process.env.TEST_HAPROXY = ensureHaproxy(console.log);
  compileThreads();
  await startGitServer();
}
