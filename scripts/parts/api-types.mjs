/** The types of the API for the pages, made from the OpenAPI document. */
import openapiTS, { astToString } from 'openapi-typescript';

/** The document without answers that are problems: all have one form, which the pages know. */
function withoutProblems(document) {
  for (const methods of Object.values(document.paths)) {
    for (const operation of Object.values(methods)) {
      for (const status of Object.keys(operation.responses)) if (status >= '400') delete operation.responses[status];
    }
  }
  return document;
}

/** The text of ui/src/api/schema.d.ts for that document. */
export async function apiTypes(document) {
  const copy = JSON.parse(JSON.stringify(document));
  const types = await openapiTS(withoutProblems(copy), { alphabetize: true });
  return `// Written by scripts/write-api-types.mjs from the OpenAPI document. Do not edit.\n\n${astToString(types)}`;
}
