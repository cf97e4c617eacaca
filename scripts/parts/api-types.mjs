/** The types of the API, made from the compiled server's OpenAPI document. */
import { randomBytes } from 'node:crypto';
import openapiTS, { astToString } from 'openapi-typescript';
import { buildApp } from '../../dist/app.js';
import { createEvents } from '../../dist/events.js';
import { Secret } from '../../dist/secret.js';

/** A server that answers nothing: for its document, the routes only have to be there. */
async function silentApp() {
  const given = {
    events: createEvents(),
    stopping: new AbortController().signal,
    log: { info() {}, warn() {} },
    ui: null,
    sessionKey: new Secret(randomBytes(32)),
  };
  const deps = new Proxy(given, { get: (target, name) => target[name] ?? (() => undefined) });
  const app = await buildApp(deps);
  await app.ready();
  return app;
}

/** The document without answers that are problems: all have one form, which the pages know. */
function withoutProblems(document) {
  for (const methods of Object.values(document.paths)) {
    for (const operation of Object.values(methods)) {
      for (const status of Object.keys(operation.responses)) if (status >= '400') delete operation.responses[status];
    }
  }
  return document;
}

/** The text of ui/src/api/schema.d.ts. */
export async function apiTypes() {
  const app = await silentApp();
  const document = app.swagger();
  await app.close();
  const types = await openapiTS(withoutProblems(JSON.parse(JSON.stringify(document))), { alphabetize: true });
  return `// Written by scripts/write-api-types.mjs from the OpenAPI document. Do not edit.\n\n${astToString(types)}`;
}
