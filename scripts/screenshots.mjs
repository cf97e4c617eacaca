/**
 * `npm run screenshots -- URL NAME=PATH…`: pictures of pages of a running server for the documents, `docs/tour/NAME-light.webp`, `-dark` and
 * `-phone`. The token of `SLIPWAY_TOKEN`, if there is one, logs in first.
 */
import { join, relative } from 'node:path';
import { ensureChromium } from './parts/chromium.mjs';
import { root } from './parts/project.mjs';
import { takeScreenshots } from './parts/screenshots.mjs';

/** More than that is too much for a picture in a document. */
const MAX_BYTES = 150_000;

const [url, ...named] = process.argv.slice(2);
const pages = named.map((word) => /^([\w-]+)=(\/.*)$/.exec(word)?.slice(1) ?? null);
if (url === undefined || pages.length === 0 || pages.includes(null)) {
  console.error('Usage: npm run screenshots -- URL NAME=PATH…');
  process.exit(2);
}
try {
  const program = ensureChromium(console.log);
  const token = process.env.SLIPWAY_TOKEN || null;
  const taken = await takeScreenshots({ program, url, token, pages, folder: join(root, 'docs/tour') });
  for (const { file, bytes } of taken) {
    const warning = bytes > MAX_BYTES ? '  too large for a document' : '';
    console.log(`${relative(root, file)}  ${Math.ceil(bytes / 1000)} kB${warning}`);
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
