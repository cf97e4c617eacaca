import type { App } from './route.js';

interface Known {
  readonly segments: readonly string[];
  readonly methods: readonly string[];
}

/** Remembers the routes that are added from now on. What it gives tells the methods that an address knows, none where there is no such address. */
export function watchMethods(app: App): (path: string) => readonly string[] {
  const routes: Known[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    routes.push({ segments: url.split('/'), methods: [method].flat() });
  });
  return (path) => {
    const segments = path.split('/');
    return [...new Set(routes.filter((route) => fits(route.segments, segments)).flatMap(({ methods }) => methods))];
  };
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, at) => (part.startsWith(':') ? segments[at] !== '' : part === segments[at]))
  );
}
