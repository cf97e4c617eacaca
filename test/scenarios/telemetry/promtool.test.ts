/** The alert rules in config/, as Prometheus itself reads them. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const folder = join(import.meta.dirname, '../../../config/prometheus');

async function promtool(...args: readonly string[]): Promise<string> {
  const program = process.env['TEST_PROMTOOL'];
  if (program === undefined)
    throw new Error('TEST_PROMTOOL names no program; run the tests of the project `telemetry`.');
  const { stdout } = await promisify(execFile)(program, args, { cwd: folder });
  return stdout;
}

test('promtool takes the rules', async () => {
  expect(await promtool('check', 'rules', 'slipway.rules.yml')).toMatch(/SUCCESS: \d+ rules found/);
});

test('each alert fires where it should, and not before', async () => {
  expect(await promtool('test', 'rules', 'slipway.rules.test.yml')).toContain('SUCCESS');
});
