/** Names and targets of links that are not UTF-8, as `decodeName` gives them. */
import { buffer } from 'node:stream/consumers';
import { readFields } from '../../../../src/engine/bytes/wire.js';
import { fileSync } from '../../../../src/engine/context/file-sync.js';
import { withOddName } from '../../../../src/engine/context/odd-names.js';
import { syncItems } from '../../../../src/engine/context/sync-tree.js';
import { statPacket } from '../../../../src/engine/context/sync-wire.js';
import { tarOf } from '../../../../src/engine/context/upload.js';
import { SlipwayError } from '../../../../src/errors.js';
import { decodeName } from '../../../../src/name-bytes.js';
import { byBytes } from '../../../../src/patterns/paths.js';
import { contextOf, type TestFiles } from '../../../support/engine.js';
import { asking, ScriptedCall, type Script } from '../../../support/scripted-call.js';
import { engineError } from '../../../support/sync-packets.js';

const odd = Buffer.from('caf\u00e9.txt', 'latin1');
const name = decodeName(odd);

/** Path and target of a packet. */
function bytesOf(packet: Buffer): readonly Buffer[] {
  const [stat] = [...readFields(packet)];
  const inner = stat?.kind === 'bytes' ? [...readFields(stat.value)] : [];
  return inner.flatMap((field) => (field.kind === 'bytes' ? [field.value] : []));
}

async function sync(files: TestFiles, script: Script) {
  const failures: unknown[] = [];
  const names: string[] = [];
  const method = fileSync({
    context: contextOf(files),
    dockerfile: 'Dockerfile',
    onFailure: (error) => failures.push(error),
    onOddName: (path) => names.push(path),
  });
  await method.serve(new ScriptedCall({ 'dir-name': ['context'] }, script)).catch(() => undefined);
  return { failures, names };
}

test('are offered to the engine with their bytes', () => {
  const entry = { path: name, mode: '120000', id: 'a', size: 1 } as const;
  expect(bytesOf(statPacket(entry, name))).toEqual([odd, odd]);
});

test('have the order of their bytes', async () => {
  const paths = ['caf', 'caf\u00e8', name, 'caf\u{1f600}', 'cag'];
  expect([...paths].reverse().sort(byBytes)).toEqual(['caf', 'caf\u00e8', name, 'caf\u{1f600}', 'cag']);
  const entries = [...paths].reverse().map((path) => ({ path, mode: '100644' as const, id: path, size: 0 }));
  expect(Array.from(await syncItems({ entries }), ({ path }) => path)).toEqual(paths);
});

const refusing: Script = (sent, { say }) => {
  if (sent.kind === 'end-of-stats') say(engineError('invalid UTF-8'));
};

test('are the failure where an engine does not take them', async () => {
  const failure = { code: 'name-not-utf8', blame: 'source' };
  expect(await sync({ [name]: 'x' }, refusing)).toMatchObject({ failures: [failure], names: [name] });
  expect(await sync({ [name]: 'x' }, asking(0))).toEqual({ failures: [], names: [name] });
  expect(await sync({ a: 'x' }, refusing)).toEqual({ failures: [], names: [] });
});

test('are named where the engine says only that it refuses one', () => {
  const unnamed = new SlipwayError('name-not-utf8', 'A name in the context is not UTF-8.');
  const message = expect.stringContaining('"caf\uFFFD.txt"') as string;
  expect(withOddName(unnamed, [name, 'other'])).toMatchObject({ code: 'name-not-utf8', message });
  expect(withOddName(unnamed, [])).toBe(unnamed);
  const other = new SlipwayError('engine-error', 'The engine could not build.');
  expect(withOddName(other, [name])).toBe(other);
});

test('fail where the context is sent as an archive', async () => {
  const failure = expect.objectContaining({
    code: 'name-not-utf8',
    message: expect.stringContaining('"caf\uFFFD.txt"'),
  });
  await expect(buffer(tarOf(contextOf({ [name]: 'x' })))).rejects.toEqual(failure);
});
