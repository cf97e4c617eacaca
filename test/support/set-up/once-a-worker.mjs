/**
 * Libraries that a worker loads once. Jest loads every module again for each test file; for these libraries that took a third of the time
 * of all tests. They keep no state that one file could leave to the next. The environment loads them outside of the sandbox
 * (environment.mjs), and this transformer of Jest's makes of each such file a module that hands out what was loaded there.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Where the sandbox finds the function that loads a file outside of it. */
const key = 'slipway.load';

/** Gives the sandbox of a test file the function that the modules below call. */
export function offerTo(sandbox) {
  sandbox[Symbol.for(key)] = require;
}

const own = readFileSync(new URL(import.meta.url));
const load = (path) => `globalThis[Symbol.for(${JSON.stringify(key)})](${JSON.stringify(path)})`;
const isName = (name) => /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'default';

/** An ECMAScript module has to list its names. */
function esModule(path) {
  const loaded = require(path);
  const names = Object.keys(loaded).filter(isName);
  return [
    `const loaded = ${load(path)};`,
    ...('default' in loaded ? ['export default loaded.default;'] : []),
    // A name may be a reserved word of the language, which a local variable may not.
    ...names.map((name, at) => `const name${at} = loaded.${name}; export { name${at} as ${name} };`),
  ].join('\n');
}

export default {
  getCacheKey: (source, path, { supportsStaticESM }) =>
    createHash('sha256').update(own).update(source).update(`${path} ${supportsStaticESM}`).digest('hex').slice(0, 32),
  process: (source, path, { supportsStaticESM }) => ({
    code: supportsStaticESM ? esModule(path) : `module.exports = ${load(path)};`,
  }),
};
