import { readFileSync } from 'node:fs';
import { version } from '../../src/version.js';

test('the version is the one that package.json states', () => {
  const { version: stated } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  };
  expect(version).toBe(stated);
});
