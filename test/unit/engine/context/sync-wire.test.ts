import type { ContextEntry } from '../../../../src/engine/contract.js';
import { dataPacket, endOfItems, finPacket, readPacket, statPacket } from '../../../../src/engine/context/sync-wire.js';
import { readFields, writeMessage } from '../../../../src/engine/bytes/wire.js';
import { askFor, engineError, engineFin, readSent } from '../../../support/sync-packets.js';

const entry = (changes: Partial<ContextEntry> = {}): ContextEntry => ({
  path: 'src/a',
  mode: '100644',
  id: '3b18e512dba79e4c8300dd08aeb37f8e728b8dad',
  size: 12,
  ...changes,
});
const statOf = (changes: Partial<ContextEntry> = {}, target = '') => {
  const sent = readSent(statPacket(entry(changes), target));
  return sent.kind === 'stat' ? sent.stat : null;
};
/** The time as the wire has it: no number holds every nanosecond. */
function modifiedOf(id: string): bigint {
  for (const outer of readFields(statPacket(entry({ id }), ''))) {
    if (outer.kind !== 'bytes') continue;
    const at = outer.value.indexOf(6 << 3, outer.value.length - 12);
    let value = 0n;
    outer.value.subarray(at + 1).forEach((byte, index) => (value |= BigInt(byte & 0x7f) << BigInt(7 * index)));
    return value;
  }
  return -1n;
}

describe('an item as it is offered', () => {
  test.each<[ContextEntry['mode'], number]>([
    ['100644', 0o644],
    ['100755', 0o755],
  ])('a file of mode %s has the bits of Go', (mode, bits) => {
    expect(statOf({ mode })).toMatchObject({ path: 'src/a', mode: bits, size: 12, link: '' });
  });

  test('a folder has the bits of Go, and no size', () => {
    expect(readSent(statPacket({ path: 'src', mode: 'folder' }, ''))).toEqual({
      kind: 'stat',
      stat: { path: 'src', mode: 0x80000000 + 0o755, size: 0, modified: 946_684_800_000_000_000, link: '' },
    });
  });

  test('a link is 0777, as long as its target, and says where it leads', () => {
    const target = '../grüße';
    expect(statOf({ mode: '120000' }, target)).toMatchObject({ mode: 0x08000000 + 0o777, size: 10, link: target });
  });

  test('a file of 5 GiB has its size', () => {
    expect(statOf({ size: 5 * 2 ** 30 })?.size).toBe(5 * 2 ** 30);
  });
});

describe('the time of a file', () => {
  test('is always within the second of 2000-01-01', () => {
    for (const id of ['0'.repeat(40), 'f'.repeat(40), `sha256:${'e'.repeat(64)}`, 'no hex at all', '']) {
      expect(modifiedOf(id) / 1_000_000_000n).toBe(946_684_800n);
    }
  });

  test('is the same for the same content, and another for another', () => {
    const ids = Array.from({ length: 2_000 }, (_, index) => (BigInt(index) * 0x9e3779b97f4a7c15n).toString(16));
    const times = new Set(ids.map((id) => modifiedOf(id.padStart(40, 'a'))));
    expect(times.size).toBe(2_000);
    expect(modifiedOf('a'.repeat(40))).toBe(modifiedOf('a'.repeat(40)));
  });
});

describe('packets', () => {
  test('of content name their file, and an empty one ends it', () => {
    expect(readSent(dataPacket(300, Buffer.from('abc')))).toEqual({ kind: 'data', id: 300, data: Buffer.from('abc') });
    expect(readSent(dataPacket(0, Buffer.alloc(0)))).toEqual({ kind: 'data', id: 0, data: Buffer.alloc(0) });
  });

  test('that end the list and the sync are distinguished', () => {
    expect([readSent(endOfItems), readSent(finPacket)]).toEqual([{ kind: 'end-of-stats' }, { kind: 'fin' }]);
  });

  test.each([
    ['a request', askFor(70_000), { kind: 'request', id: 70_000 }],
    ['a request of the first item, whose zero is not written', writeMessage([[1, 1]]), { kind: 'request', id: 0 }],
    ['the end', engineFin, { kind: 'fin' }],
    ['an error', engineError('disk full'), { kind: 'error', message: 'disk full' }],
    ['what is of no meaning here', writeMessage([[1, 9]]), { kind: 'other' }],
  ])('of the engine are read: %s', (_, message, expected) => {
    expect(readPacket(message)).toEqual(expected);
  });
});

test.each([0n, 1n, 127n, 128n, 2n ** 53n, 946_684_800_999_999_999n, 2n ** 63n - 1n])(
  'the number %s is written as it is read',
  (value) => {
    const [field] = readFields(writeMessage([[6, value]]));
    expect(field).toEqual({ number: 6, kind: 'scalar', value: Number(value) });
  },
);
