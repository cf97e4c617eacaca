import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { apiTypes } from '../../../scripts/parts/api-types.mjs';
import { root } from '../../../scripts/parts.mjs';
import { openTestApp } from '../../support/app.js';
import { openApi } from '../../support/open-api.js';

test('the pages know the API as it is (else: npm run build && node scripts/write-api-types.mjs)', async () => {
  const server = await openTestApp();
  const types = await apiTypes(await openApi(server));
  await server.close();
  expect(types === (await readFile(join(root, 'ui/src/api/schema.d.ts'), 'utf8'))).toBe(true);
});
