import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { configJsonSchema } from '../../../src/config/json-schema.js';

test('the committed JSON Schema is that of the code (else: npm run build && node scripts/write-config-schema.mjs)', async () => {
  expect(JSON.parse(await readFile('config/slipway.schema.json', 'utf8'))).toEqual(configJsonSchema());
});

test('the sample fits the JSON Schema that editors check it against', async () => {
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(configJsonSchema());
  const fits = validate(parse(await readFile('config/slipway.yaml', 'utf8')));
  expect(validate.errors ?? []).toEqual([]);
  expect(fits).toBe(true);
});
