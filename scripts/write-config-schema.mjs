// Writes config/slipway.schema.json from the schema in src/config. Run after `npm run build`.
import { writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { configJsonSchema } from '../dist/config/json-schema.js';

const file = new URL('../config/slipway.schema.json', import.meta.url).pathname;
const style = await resolveConfig(file);
await writeFile(file, await format(JSON.stringify(configJsonSchema()), { ...style, parser: 'json' }));
