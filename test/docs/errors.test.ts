import { errorCodes } from '../../src/errors.js';
import { read, tableOf } from './markdown.js';

test('the table in docs/errors.md says what the code table says', async () => {
  const documented = tableOf(await read('docs/errors.md'), 'Every code');
  const known = Object.entries(errorCodes).map(([code, { meaning, status, retryable, blame }]) => [
    `\`${code}\``,
    meaning,
    String(status),
    retryable ? 'yes' : 'no',
    blame,
  ]);
  expect(documented).toEqual(known);
});
