import type { App } from './route.js';

interface Known {
  readonly segments: readonly string[];
  readonly methods: readonly string[];
}

/** Records routes that are added from now on. The result lists the methods of an address, if it exists. */
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
