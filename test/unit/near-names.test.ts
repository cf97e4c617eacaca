import { nearName, nearNames } from '../../src/near-names.js';

const services = ['java-service-1', 'java-service-2', 'web', 'website', 'db'];

test.each([
  ['java-servcie-1', ['java-service-1', 'java-service-2']],
  ['webb', ['web']],
  ['web-site', ['website', 'web']],
  ['java', ['java-service-1', 'java-service-2']],
  ['entirely-different', []],
])('names near %s are %j', (name, near) => {
  expect(nearNames(name, services)).toEqual(near);
});

const settings = ['branches', 'image', 'path', 'gitTags', 'builds'];

test.each([
  ['branchs', 'branches'],
  ['brnaches', 'branches'],
  ['Image', 'image'],
  ['gittags', 'gitTags'],
  ['gitTag', 'gitTags'],
  ['paht', 'path'],
  ['pith', 'path'],
  ['puth1', 'path'],
  ['pits', null],
  ['x', null],
  ['entirely', null],
])('%j most likely means %j', (written, expected) => {
  expect(nearName(written, settings)).toBe(expected);
});

test('a name of megabytes is compared in time', () => {
  const [long, other] = ['x'.repeat(2_000_000), 'y'.repeat(2_000_000)];
  const started = performance.now();
  expect(nearName(long, [other, 'path'])).toBeNull();
  expect(nearNames(long, [other])).toEqual([]);
  expect(performance.now() - started).toBeLessThan(2000);
});
