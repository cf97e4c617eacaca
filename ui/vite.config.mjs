import { join } from 'node:path';
import { defineConfig } from 'vite';

/** The pages: ui/ to dist/ui. Everything is a file of its own, since the Content-Security-Policy allows nothing inline. */
export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: join(import.meta.dirname, '../dist/ui'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: 'manifest.json',
  },
  // `npx vite ui`: pages with a running server behind them.
  server: { proxy: { '^/(api|ui/session|openapi.json)': process.env.SLIPWAY_URL ?? 'http://127.0.0.1:8080' } },
});
