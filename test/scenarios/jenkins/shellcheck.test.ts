import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { jenkinsParts, script } from '../../support/slipway-script.js';

test('ShellCheck finds nothing in slipway.sh as a script of plain sh', async () => {
  const { shellcheck, libraries } = jenkinsParts();
  const env = { PATH: process.env['PATH'], LD_LIBRARY_PATH: libraries };
  const { stdout } = await promisify(execFile)(shellcheck, ['--shell=sh', '--format=gcc', script], { env });
  expect(stdout).toBe('');
});
