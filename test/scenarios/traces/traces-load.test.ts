import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from '../../support/child.js';
import { least } from '../../support/write-config.js';

const program = new URL('../../support/children/loaded-libraries.ts', import.meta.url);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-test-'));
  await writeFile(join(folder, 'slipway.yaml'), `${least}\nserver: { listen: '127.0.0.1:0', dataDir: ./data }`);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function loaded(...endpoint: readonly string[]): Promise<readonly string[]> {
  const child = startChild(program, [join(folder, 'slipway.yaml'), ...endpoint]);
  const errors = await child.end();
  if (child.lines[0] === undefined) throw new Error(errors);
  return child.lines[0].split(' ');
}

test('nothing that makes or sends spans is loaded unless there is a collector', async () => {
  const parts = ['@opentelemetry/exporter-trace-otlp-http', '@opentelemetry/resources', '@opentelemetry/sdk-trace'];
  expect(await loaded('http://127.0.0.1:1')).toEqual(expect.arrayContaining(parts));
  // The metrics load it.
  expect(await loaded()).toEqual(['@opentelemetry/api']);
});
