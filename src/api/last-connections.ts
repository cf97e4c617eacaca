import type { App } from './route.js';

/** How long a closing server waits for connections on which nothing ends by itself, in milliseconds. */
const PATIENCE_MS = 1_000;

/**
 * When the server closes, requests under way are answered first; then whatever connection is still open is cut off. Whoever connects and
 * sends nothing, or stalls within a request, would otherwise keep the process from ending.
 */
export function installLastConnections(app: App): void {
  app.addHook('preClose', async () => {
    if (!app.server.listening) return;
    const timer = setTimeout(() => app.server.closeAllConnections(), PATIENCE_MS);
    app.server.once('close', () => clearTimeout(timer));
  });
}
