/** Compose's own names, in its own order. */
const names = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];

/** Where a service's run file may be beside its source: the first that exists counts. `path` is the folder of the service, '' for the root. */
export const applicationRunFiles = (path: string): readonly string[] =>
  names.map((name) => `${path === '' ? '' : `${path}/`}docker/${name}`);

/** Where it may be below the central folder, if the application has none. */
export const centralRunFiles = (service: string): readonly string[] => names.map((name) => `${service}/${name}`);

/** The file that is merged over a run file in an environment: `compose.production.yaml` for `compose.yaml`. */
export function overlayOf(path: string, environment: string): string {
  const found = /^(?<stem>.*[^/])(?<extension>\.[^./]+)$/s.exec(path);
  return `${found?.groups?.stem ?? path}.${environment}${found?.groups?.extension ?? ''}`;
}
