import { ensureChromium } from '../../../scripts/parts/chromium.mjs';

const silent = () => undefined;

test('CHROMIUM_PATH names the program, which needs nothing else', () => {
  expect(ensureChromium(silent, { CHROMIUM_PATH: process.execPath })).toEqual({ file: process.execPath, env: {} });
});

test('a CHROMIUM_PATH that is no program is a fault, also where Debian has one', () => {
  expect(() => ensureChromium(silent, { CHROMIUM_PATH: '/nowhere/chromium' })).toThrow(
    'CHROMIUM_PATH=/nowhere/chromium: that is no program.',
  );
});
