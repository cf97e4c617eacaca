import { posix } from 'node:path';
import type { Fault } from './config.js';
import { builtInDefaults } from './defaults.js';
import { placeOf } from './describe.js';
import { fault, unknownName } from './fault.js';
import { repositoryPath } from './repository-path.js';
import { namesAt, writtenAt, type Sketch, type SketchService } from './sketch.js';

type SketchDeploy = NonNullable<SketchService['deploy']>;

/** Checks how services are deployed. `written` is the whole file. */
export function deployFaults(config: Sketch, written: unknown): Fault[] {
  const known = namesAt(written, 'environments');
  const services = namesAt(written, 'services') ?? [];
  const deployed = Object.entries(config.services ?? {}).flatMap(([name, { deploy } = {}]) =>
    deploy === undefined ? [] : [{ name, deploy, place: `${placeOf('services', name)}.deploy` }],
  );
  const each = deployed.flatMap(({ deploy, place }) => [
    ...listFaults(deploy.environments ?? [], `${place}.environments`, known),
    ...perEnvironmentFaults(deploy, place, known),
    ...verifyFaults(deploy.verify ?? {}, place),
  ]);
  return [
    ...each,
    ...formerlyFaults(deployed, services),
    ...sharedFileFaults(config, written),
    ...tokenFaults(config, known),
  ];
}

/** Names of environments that are unknown or repeated. `known` null: nothing is known of them. */
function listFaults(names: readonly string[], place: string, known: readonly string[] | null): Fault[] {
  return names.flatMap((name, index) => {
    const here = placeOf(place, index);
    if (names.indexOf(name) !== index) return [fault(here, `is also ${placeOf(place, names.indexOf(name))}`)];
    return known === null || known.includes(name) ? [] : [unknownName(here, name, known, 'environment')];
  });
}

/** Variables and permissions for environments in which the service does not run would have no effect. */
function perEnvironmentFaults(
  { environments, variables = {}, allow = {} }: SketchDeploy,
  place: string,
  known: readonly string[] | null,
): Fault[] {
  return Object.entries({ variables, allow }).flatMap(([key, settings]) =>
    Object.keys(settings).flatMap((name) => {
      const here = placeOf(`${place}.${key}`, name);
      if (known !== null && !known.includes(name)) return [unknownName(here, name, known, 'environment')];
      return environments === undefined || environments.includes(name)
        ? []
        : [fault(here, `has no effect: it is not among ${place}.environments`)];
    }),
  );
}

function verifyFaults({ json, header, body }: NonNullable<SketchDeploy['verify']>, place: string): Fault[] {
  const given = Object.entries({ json, header, body }).filter(([, value]) => value !== undefined);
  if (given.length < 2) return [];
  const names = given.map(([key]) => `\`${key}\``).join(' and ');
  return [fault(`${place}.verify`, `has ${names}; give one of them`)];
}

interface Deployed {
  readonly name: string;
  readonly deploy: SketchDeploy;
  readonly place: string;
}

function formerlyFaults(deployed: readonly Deployed[], services: readonly string[]): Fault[] {
  const heirs = new Map<string, string>();
  return deployed.flatMap(({ name, deploy: { formerly }, place }) => {
    if (formerly === undefined) return [];
    const heir = heirs.get(formerly);
    if (heir !== undefined) return [fault(`${place}.formerly`, `is also the former name of the service ${heir}`)];
    heirs.set(formerly, name);
    return services.includes(formerly)
      ? [fault(`${place}.formerly`, 'is a service of this configuration; a former name is one that is gone')]
      : [];
  });
}

/** The names under which a run file is looked for in `<path>/docker`. */
const usualName = /^(?:docker-)?compose\.ya?ml$/;

/** Two services with one run file. Which file is found in a commit is not known here; that services look in one place is. */
function sharedFileFaults({ services = {}, defaults = {} }: Sketch, written: unknown): Fault[] {
  const files = new Map<string, string>();
  const folders = new Map<string, string>();
  const looking: { readonly name: string; readonly folder: string }[] = [];
  const found: Fault[] = [];
  for (const [name, { deploy, ...own } = {}] of Object.entries(services)) {
    const { repository, path = builtInDefaults.service.path } = { ...defaults, ...own };
    if (deploy === undefined || repository === undefined) continue;
    const place = placeOf('services', name);
    const at = (file: string): string => `${repository.toLowerCase()} ${file}`;
    if (deploy.file !== undefined) {
      const file = repositoryPath(deploy.file) ?? deploy.file;
      const owner = files.get(at(file));
      if (owner !== undefined)
        found.push(fault(`${place}.deploy.file`, `is also the run file of the service ${owner}; give each its own`));
      else files.set(at(file), name);
      if (usualName.test(posix.basename(file))) folders.set(at(posix.dirname(file)), name);
    } else if (writtenAt(written, 'services', name, 'deploy', 'file') === undefined) {
      looking.push({ name, folder: at(posix.join(repositoryPath(path) ?? path, 'docker')) });
    }
  }
  return [...found, ...lookingFaults(looking, folders)];
}

function lookingFaults(
  looking: readonly { readonly name: string; readonly folder: string }[],
  folders: ReadonlyMap<string, string>,
): Fault[] {
  return looking.flatMap(({ name, folder }) => {
    const other = looking.find((one) => one.folder === folder && one.name !== name)?.name ?? folders.get(folder);
    if (other === undefined) return [];
    return [
      fault(`${placeOf('services', name)}.deploy.file`, `is required: the run file of ${other} is in the same folder`),
    ];
  });
}

function tokenFaults({ access }: Sketch, known: readonly string[] | null): Fault[] {
  return (access?.tokens ?? []).flatMap(({ scopes, environments }, index) => {
    if (environments === undefined) return [];
    const place = `${placeOf('access.tokens', index)}.environments`;
    const mayDeploy = scopes === undefined || scopes.includes('deploy') || scopes.includes('admin');
    return [
      ...listFaults(environments, place, known),
      ...(mayDeploy ? [] : [fault(place, 'has no effect without the scope `deploy`')]),
    ];
  });
}
