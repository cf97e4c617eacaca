import type { App } from './route.js';

/** How long a closing server waits for connections that do not end by themselves. */
const PATIENCE_MS = 1_000;

/**
 * When the server closes, it answers pending requests and then closes all other connections. Otherwise a client that connects and sends
 * nothing, or stalls within a request, would keep the process running.
 */
export function installLastConnections(app: App): void {
  app.addHook('preClose', async () => {
    if (!app.server.listening) return;
    const timer = setTimeout(() => app.server.closeAllConnections(), PATIENCE_MS);
    app.server.once('close', () => clearTimeout(timer));
  });
}
