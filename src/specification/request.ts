import type { DeploySettings, Environment } from '../model/environment.js';
import type { Release, RunFileText } from '../model/release.js';
import type { Allow, RunFileFault } from '../model/run-file.js';
import { overlayOf } from '../run-file/names.js';
import type { RunFileRequest, RunFileSource } from '../run-file/run-file.js';

/** A release and the environment that it is to run in. */
export interface Wanted {
  readonly release: Release;
  readonly environment: Environment;
  /** How its service is deployed. */
  readonly deploy: DeploySettings;
}

interface Given extends Wanted {
  /** The run file and its overlays, as the release keeps them. */
  readonly texts: readonly RunFileText[];
  /** Of the release's image, with its host. */
  readonly repository: string;
  /** The first name of the service. Its volumes keep it, or a rename would lose what is in them. */
  readonly volumesOf: string;
}

/** What the reading of a run file is asked. Faults if a file that counts could not be read when the release was made. */
export function runFileRequest(
  given: Given,
): { readonly request: RunFileRequest } | { readonly faults: readonly RunFileFault[] } {
  const { release, environment, deploy, texts, repository, volumesOf } = given;
  const { name, defaults, balancer } = environment;
  const path = release.runFile.path ?? '';
  const ofBase = texts.find((text) => text.environment === null);
  const ofOverlay = texts.find((text) => text.environment === name);
  const base = sourceOf(path, ofBase);
  const overlay = sourceOf(overlayOf(path, name), ofOverlay);
  const faults = [base, overlay].flatMap((source) => (source !== null && 'code' in source ? [source] : []));
  if (faults.length > 0) return { faults };
  const surroundings = {
    service: volumesOf,
    environment: name,
    repository,
    variables: variablesOf(environment, deploy),
    defaults,
    balancer: balancer !== null,
  };
  const allowance = {
    allow: allowOf(environment.allow, deploy.allow.get(name)),
    setting: `environments.${name}.allow`,
    sockets: socketsOf(environment),
  };
  return { request: { base: usable(base), overlay: usable(overlay), surroundings, allowance } };
}

type Source = RunFileSource | RunFileFault | null;

const usable = (source: Source): RunFileSource | null => (source === null || 'code' in source ? null : source);

function sourceOf(path: string, text: RunFileText | undefined): Source {
  if (text === undefined) return null;
  if (text.content !== null) return { path, bytes: Buffer.from(text.content, 'base64') };
  const message = text.fault ?? 'The file cannot be read.';
  return { code: 'run-file-invalid', message, file: path, line: 1, column: 1, setting: null };
}

/** Those of the service win over those of the environment. */
const variablesOf = ({ name, variables }: Environment, deploy: DeploySettings) =>
  new Map([...variables.reveal(), ...(deploy.variables.get(name)?.reveal() ?? [])]);

/** What the environment allows, and what it allows this service besides. */
function allowOf(environment: Allow, service: Allow | undefined): Allow {
  if (service === undefined) return environment;
  return {
    privileged: environment.privileged || service.privileged,
    hostNetwork: environment.hostNetwork || service.hostNetwork,
    devices: [...environment.devices, ...service.devices],
    capAdd: [...environment.capAdd, ...service.capAdd],
    securityOpt: [...environment.securityOpt, ...service.securityOpt],
    sysctls: [...environment.sysctls, ...service.sysctls],
    binds: [...environment.binds, ...service.binds],
  };
}

const unixScheme = 'unix://';

/** Paths of the engines' sockets, which a bind must name literally. */
const socketsOf = ({ hosts }: Environment): readonly string[] =>
  [...hosts.values()].flatMap(({ engine }) => (engine.startsWith(unixScheme) ? engine.slice(unixScheme.length) : []));
