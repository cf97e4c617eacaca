/** Texts that an engine may send, made to take as long as possible. Each scenario is over when all of it has been read. */
import { Readable } from 'node:stream';
import { jsonLines } from '../../../src/docker/answer.js';
import { buildFault, engineFault, imageFault, pullFault, pushFault } from '../../../src/engine/messages/faults.js';
import { createLineBuffer } from '../../../src/engine/messages/lines.js';
import { createSteps } from '../../../src/engine/messages/steps.js';
import { hostileUnits } from '../hostile-units.js';
import { runScenarios, type Scenarios } from './scenarios.js';

const mebibyte = 1024 * 1024;
const filled = (unit: string, size = mebibyte): string => unit.repeat(Math.ceil(size / unit.length));

/** What has to stand before or behind the text for some patterns to be tried at all. */
const frames: readonly (readonly [string, string])[] = [
  ['', ''],
  ['file with no instructions', ''],
  ['process "', ''],
  ['executor failed running [', ' exit code: 1'],
  [': lstat ', ': no such file or directory'],
  [': lstat ', ':x: no such file or directory'],
  ['"', ': not found'],
  ['secret ', ': not found'],
];

function readAll(text: string): void {
  const step = { name: text, error: text, lastLines: [text] };
  for (const [before, behind] of frames) {
    const words = `${before}${text}${behind}`;
    buildFault(words, null);
    buildFault(words, { ...step, name: '[1/1] RUN make' });
    buildFault(words, step);
    pushFault('registry.test/a:1', words);
    pullFault('registry.test/a:1', words);
    imageFault('a:1', words);
    engineFault(words, 500);
  }
}

const faults: Scenarios = Object.fromEntries(
  hostileUnits.map((unit) => [
    `a fault of ${JSON.stringify(unit)}`,
    async () => {
      readAll(filled(unit));
      return 'ok';
    },
  ]),
);

const vertex = (at: number) => ({
  digest: `sha256:${String(at).padStart(64, '0')}`,
  name: 'RUN make',
  cached: false,
  startedAt: at,
  completedAt: at + 1,
  error: '',
});

await runScenarios({
  ...faults,
  'a line of carriage returns that goes on': async () => {
    const lines = createLineBuffer();
    for (let round = 0; round < 20; round += 1) lines.take(Buffer.from(`${filled('\r')}x\n`));
    return 'ok';
  },
  'a line of sixteen mebibytes in small pieces': async () => {
    const line = Buffer.from(JSON.stringify({ a: filled('x', 15 * mebibyte) }));
    const pieces = Array.from({ length: Math.ceil(line.length / 64) }, (_, at) => line.subarray(64 * at, 64 * at + 64));
    let lines = 0;
    for await (const _line of jsonLines(Readable.from(pieces, { objectMode: false }))) lines += 1;
    return lines === 1 ? 'ok' : `${lines} lines`;
  },
  'a status that ends thousands of steps that all printed': async () => {
    let printed = 0;
    const steps = createSteps((event) => {
      if (event.kind === 'output') printed += 1;
    });
    const vertexes = Array.from({ length: 40_000 }, (_, at) => vertex(at));
    const outputs = vertexes.map(({ digest }) => ({ vertex: digest, stream: 1, bytes: Buffer.from('line\n') }));
    steps.take({ vertexes, outputs });
    return printed === 40_000 ? 'ok' : `${printed} lines`;
  },
});
