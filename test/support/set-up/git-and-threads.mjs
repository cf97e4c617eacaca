import { compileThreads, startGitServer } from './parts.mjs';

export default async function setUp() {
  compileThreads();
  await startGitServer();
}
