import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../../../scripts/parts.mjs';

/** As Vite writes it: what a file loads at once, and what it loads when it is asked for. */
interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

const ENTRY_BYTES = 40_000;
const ROUTE_BYTES = 25_000;
const folder = join(root, 'dist/ui');
const chunks = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Readonly<Record<string, Chunk>>;
const zipped = (file: string) => gzipSync(readFileSync(join(folder, file)), { level: 9 }).length;

/** Scripts that a chunk needs besides those of the entry, each once. */
function scriptsOf(name: string, seen = new Set<string>()): readonly string[] {
  const chunk = chunks[name];
  if (chunk === undefined || seen.has(name)) return [];
  seen.add(name);
  return [chunk.file, ...(chunk.imports ?? []).flatMap((one) => scriptsOf(one, seen))];
}

const [entry = ''] = Object.entries(chunks).flatMap(([name, { isEntry }]) => (isEntry ? [name] : []));
const first = new Set(scriptsOf(entry));
const routes = Object.keys(chunks).filter((name) => name !== entry && name.startsWith('src/'));

test('what every visitor loads is at most 40 kB', () => {
  expect(first.size).toBeGreaterThan(0);
  const bytes = [...first].reduce((sum, file) => sum + zipped(file), 0);
  expect(bytes).toBeLessThanOrEqual(ENTRY_BYTES);
});

test.each(routes)('%s loads at most 25 kB more', (route) => {
  const more = scriptsOf(route).filter((file) => !first.has(file));
  const bytes = more.reduce((sum, file) => sum + zipped(file), 0);
  expect(bytes).toBeLessThanOrEqual(ROUTE_BYTES);
});

test('nothing comes from elsewhere, and every file is also there compressed', () => {
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  const addresses = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address);
  expect(addresses.filter((address) => !address.startsWith('/'))).toEqual([]);
  const files = readdirSync(join(folder, 'assets'));
  const plain = files.filter((file) => /\.(js|css)$/.test(file));
  expect(plain.filter((file) => !files.includes(`${file}.br`) || !files.includes(`${file}.gz`))).toEqual([]);
});
