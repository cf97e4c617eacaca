import { ensureJenkinsParts } from '../../../scripts/parts/jenkins-parts.mjs';
import { compileThreads, startGitServer } from './parts.mjs';

export default async function setUp() {
  process.env.TEST_JENKINS_PARTS = JSON.stringify(ensureJenkinsParts(console.log));
  compileThreads();
  await startGitServer();
}
