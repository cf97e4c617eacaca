/** Types of api-types.mjs for the tests. */
export function apiTypes(document: object): Promise<string>;
