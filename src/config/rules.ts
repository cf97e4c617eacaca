import { branchNameFault } from '../patterns/pattern.js';
import type { Fault } from './config.js';
import { placeOf } from './describe.js';
import { deployFaults } from './deploy-rules.js';
import { environmentFaults } from './environment-rules.js';
import { certificateFaults, fault } from './fault.js';
import { formats } from './formats.js';
import { noticeFaults } from './notice-rules.js';
import type { Sketch, SketchService } from './sketch.js';

type SketchToken = NonNullable<NonNullable<Sketch['access']>['tokens']>[number];

/**
 * Checks settings against each other. Runs over the valid parts, so that these faults are reported together with those of single values.
 * `written` is the whole file: what is faulty there is at least known to be given.
 */
export function crossFaults(config: Sketch, written: unknown): Fault[] {
  return [
    ...tokenFaults(config.access?.tokens ?? []),
    ...loginFaults(config.registry ?? {}),
    ...tlsFaults(config.engine ?? {}),
    ...dockerfilesFaults(config.dockerfiles ?? {}),
    ...noticeFaults(config, written),
    ...serviceFaults(config),
    ...environmentFaults(config, written),
    ...deployFaults(config, written),
  ];
}

function tokenFaults(tokens: readonly SketchToken[]): Fault[] {
  return [
    ...repeated(
      tokens.map(({ name }) => name),
      'name',
      'is also the name of',
    ),
    ...repeated(
      tokens.map(({ token }) => token),
      'token',
      'is also the token of',
    ),
  ];
}

function repeated(values: readonly (string | undefined)[], key: string, words: string): Fault[] {
  return values.flatMap((value, index) => {
    const first = values.indexOf(value);
    if (value === undefined || first === index) return [];
    return [{ path: `access.tokens[${index}].${key}`, message: `${words} access.tokens[${first}]` }];
  });
}

function loginFaults({ username, password }: NonNullable<Sketch['registry']>): Fault[] {
  if (Boolean(username) === Boolean(password)) return [];
  return [
    username
      ? fault('registry.password', 'is required with registry.username')
      : fault('registry.username', 'is required with registry.password'),
  ];
}

function tlsFaults({ host, tls }: NonNullable<Sketch['engine']>): Fault[] {
  if (tls === undefined) return [];
  return [
    ...(host?.startsWith('tcp://') ? [] : [fault('engine.tls', 'needs an engine.host that begins with tcp://')]),
    ...certificateFaults(tls, 'engine.tls'),
  ];
}

function dockerfilesFaults({ path, repository, branch }: NonNullable<Sketch['dockerfiles']>): Fault[] {
  return [
    ...(path !== undefined && repository !== undefined
      ? [fault('dockerfiles', 'has both a path and a repository; give one of them')]
      : []),
    ...(branch !== undefined && repository === undefined
      ? [fault('dockerfiles.branch', 'needs dockerfiles.repository')]
      : []),
  ];
}

function serviceFaults({ services = {}, defaults = {} }: Sketch): Fault[] {
  const owners = new Map<string, string>();
  const shared = [...versionFaults(defaults, 'defaults'), ...extraTagFaults(defaults, 'defaults')];
  const own = Object.entries(services).flatMap(([name, written = {}]) => {
    const place = placeOf('services', name);
    return [
      ...settingFaults({ ...defaults, ...written }, place),
      ...versionFaults(written, place),
      ...extraTagFaults(written, place),
      ...imageFaults(name, written.image ?? defaults.image, place, owners),
    ];
  });
  return [...shared, ...own];
}

function settingFaults(service: SketchService, place: string): Fault[] {
  const needed: Fault[] = [];
  if (service.repository === undefined) needed.push(fault(`${place}.repository`, 'is required'));
  if (service.trigger === 'artifact' && service.artifact === undefined) {
    needed.push(fault(`${place}.artifact`, 'is required with `trigger: artifact`'));
  }
  if (service.branches?.length === 0 && (service.gitTags ?? []).length === 0) {
    needed.push(fault(`${place}.branches`, 'is empty and there are no gitTags: nothing would ever be built'));
  }
  return needed;
}

function versionFaults({ version }: SketchService, place: string): Fault[] {
  if (version === undefined) return [];
  const { file, value, pattern } = version;
  const isRight = file === undefined ? value !== undefined || pattern !== undefined : value === undefined;
  return isRight ? [] : [fault(`${place}.version`, 'needs either a file or a value, or a pattern')];
}

/** A tag that two branches move says nothing of either. */
function extraTagFaults({ extraTags = {} }: SketchService, place: string): Fault[] {
  const owners = new Map<string, string>();
  return Object.entries(extraTags).flatMap(([branch, tags = []]) => {
    const here = placeOf(`${place}.extraTags`, branch);
    const wrong = branchNameFault(branch);
    if (wrong !== null) return [fault(here, wrong)];
    return tags.flatMap((tag) => {
      const owner = owners.get(tag);
      owners.set(tag, branch);
      return owner === undefined ? [] : [fault(here, `has the tag ${JSON.stringify(tag)}, which ${owner} moves too`)];
    });
  });
}

function imageFaults(name: string, image: string | undefined, place: string, owners: Map<string, string>): Fault[] {
  const effective = image ?? name;
  const here = `${place}.image`;
  if (image === undefined && formats.image(name) !== null) {
    return [fault(here, `is required, because the service's name ${formats.image(name)} to serve as one`)];
  }
  const owner = owners.get(effective);
  if (owner !== undefined)
    return [fault(here, `${JSON.stringify(effective)} is also the image of the service ${owner}`)];
  owners.set(effective, name);
  return [];
}
