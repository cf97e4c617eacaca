import { nearNames } from '../../../src/api/near-names.js';

const names = ['java-service-1', 'java-service-2', 'web', 'website', 'db'];

test.each([
  ['java-servcie-1', ['java-service-1', 'java-service-2']],
  ['webb', ['web']],
  ['web-site', ['website', 'web']],
  ['java', ['java-service-1', 'java-service-2']],
  ['entirely-different', []],
])('names near %s are %j', (name, near) => {
  expect(nearNames(name, names)).toEqual(near);
});
