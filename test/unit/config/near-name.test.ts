import { nearName } from '../../../src/config/near-name.js';

const known = ['branches', 'image', 'path', 'gitTags', 'builds'];

test.each([
  ['branchs', 'branches'],
  ['brnaches', 'branches'],
  ['Image', 'image'],
  ['gittags', 'gitTags'],
  ['gitTag', 'gitTags'],
  ['paht', 'path'],
  ['x', null],
  ['entirely', null],
])('%j most likely means %j', (written, expected) => {
  expect(nearName(written, known)).toBe(expected);
});
