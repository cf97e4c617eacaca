import { ensureChromium } from '../../../scripts/parts/chromium.mjs';
import { compileThreads, startGitServer } from './parts.mjs';

export default async function setUp() {
  process.env.TEST_CHROMIUM = JSON.stringify(ensureChromium(console.log));
  compileThreads();
  await startGitServer();
}
