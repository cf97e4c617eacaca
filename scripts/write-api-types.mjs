// Writes ui/src/api/schema.d.ts, the types of the API for the pages, from the OpenAPI document of the server. Run after `npm run build`.
import { writeFile } from 'node:fs/promises';
import { apiTypes } from './parts/api-types.mjs';

await writeFile(new URL('../ui/src/api/schema.d.ts', import.meta.url), await apiTypes());
