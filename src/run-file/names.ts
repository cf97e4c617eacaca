/** Compose's own names, in its own order. */
const names = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];

/**
 * Where a service's run file may be beside its source: the first that exists counts. `path` is the folder of the service, '' for the root.
 * `deployFile`: `deploy.file` of the service, which comes first, or null.
 */
export const applicationRunFiles = (path: string, deployFile: string | null = null): readonly string[] => [
  ...(deployFile === null ? [] : [deployFile]),
  ...names.map((name) => `${path === '' ? '' : `${path}/`}docker/${name}`).filter((file) => file !== deployFile),
];

/** Where it may be below the central folder, if the application has none. */
export const centralRunFiles = (service: string): readonly string[] => names.map((name) => `${service}/${name}`);

/** The file that is merged over a run file in an environment: `compose.production.yaml` for `compose.yaml`. */
export function overlayOf(path: string, environment: string): string {
  const { stem, extension } = partsOf(path);
  return `${stem}.${environment}${extension}`;
}

/** Finds the environment that a path is the overlay of, beside the run file `base`. Null if it is not an overlay. The inverse of `overlayOf`. */
export function overlaysOf(base: string): (path: string) => string | null {
  const { stem, extension } = partsOf(base);
  const start = `${stem}.`;
  return (path) => {
    if (!path.startsWith(start) || !path.endsWith(extension)) return null;
    const environment = path.slice(start.length, path.length - extension.length);
    return /^[a-z0-9][a-z0-9-]{0,31}$/.test(environment) ? environment : null;
  };
}

/** Tests whether a path is one of these run files, or an overlay of one in any environment. */
export function runFileTest(bases: readonly string[]): (path: string) => boolean {
  const known = new Set(bases);
  const overlays = bases.map(overlaysOf);
  return (path) => known.has(path) || overlays.some((environmentOf) => environmentOf(path) !== null);
}

function partsOf(path: string): { readonly stem: string; readonly extension: string } {
  const found = /^(?<stem>.*[^/])(?<extension>\.[^./]+)$/s.exec(path);
  return { stem: found?.groups?.stem ?? path, extension: found?.groups?.extension ?? '' };
}
