import { callOf, isQuiet, listed, nameOf, remedyOf, sentenceOf, size } from '../../../ui/src/pages/system/sentences.js';

const check = (name: string, state: 'ok' | 'note' | 'fault') => ({ name, state, message: null, remedy: null });

test.each([
  [[check('engine', 'ok')], 'Everything is well.'],
  [[check('engine', 'ok'), check('hosts', 'note')], 'Builds have all that they need. Worth knowing: Hosts.'],
  [[check('disk', 'fault'), check('hosts', 'note')], 'Disk needs attention.'],
  [[check('disk', 'fault'), check('git', 'fault')], 'Disk and Git host need attention.'],
])('%j is said in a sentence', (checks, expected) => {
  expect(sentenceOf(checks)).toBe(expected);
});

test('words are listed', () => {
  expect([listed([]), listed(['a']), listed(['a', 'b', 'c'])]).toEqual(['', 'a', 'a, b and c']);
});

test('a check that these pages do not know keeps its name', () => {
  expect([nameOf({ name: 'store' }), nameOf({ name: 'moon' })]).toEqual(['Database', 'moon']);
});

test.each([
  [0, '0 bytes'],
  [1023, '1023 bytes'],
  [1536, '1.5 KiB'],
  [12 * 2 ** 30, '12 GiB'],
  [2 ** 60, '1048576 TiB'],
])('%d bytes are %s', (bytes, expected) => {
  expect(size(bytes)).toBe(expected);
});

test('a repository is silent that was never heard of, or not for three months', () => {
  const now = Date.parse('2026-06-01T00:00:00Z');
  expect([null, '2026-05-30T00:00:00Z', '2026-02-01T00:00:00Z'].map((at) => isQuiet(at, now))).toEqual([
    true,
    false,
    true,
  ]);
});

test('a call is said with its parameters', () => {
  const parameters = { id: '4f2a' };
  expect(callOf({ method: 'POST', route: '/api/v1/builds/:id/cancel', parameters })).toBe(
    'POST /api/v1/builds/4f2a/cancel',
  );
  expect(callOf({ method: 'POST', route: '/x/:other', parameters })).toBe('POST /x/:other');
});

test('each refusal has something to do', () => {
  expect(remedyOf('invalid-signature')).toContain('webhookSecrets');
  expect(remedyOf('new-code')).toBe('See the log of the server.');
});
