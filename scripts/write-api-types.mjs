// Writes ui/src/api/schema.d.ts, the types of the API for the pages, from the OpenAPI document of the server. Run after `npm run build`.
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { buildApp } from '../dist/app.js';
import { createEvents } from '../dist/events.js';
import { Secret } from '../dist/secret.js';
import { apiTypes } from './parts/api-types.mjs';

// A server that answers nothing: for its document, the routes only have to be there.
const given = {
  events: createEvents(),
  stopping: new AbortController().signal,
  log: { info() {}, warn() {} },
  ui: null,
  sessionKey: new Secret(randomBytes(32)),
};
const app = await buildApp(new Proxy(given, { get: (target, name) => target[name] ?? (() => undefined) }));
await app.ready();
await writeFile(new URL('../ui/src/api/schema.d.ts', import.meta.url), await apiTypes(app.swagger()));
await app.close();
