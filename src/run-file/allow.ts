import type { Origins, Parameters } from '../model/parameters.js';
import type { Allow, Place } from '../model/run-file.js';
import { quoted, type Findings } from './faults.js';
import { cleanPath } from './mounts.js';
import { parseCapability } from './process-fields.js';

/** Who may start containers on an engine owns its host. `/var/run` is a link to `/run`. */
const engineSockets = ['/run/docker.sock', '/var/run/docker.sock'];

/** What the operator allows, and the setting that says so, such as `environments.production.allow`. */
export interface Allowance {
  readonly allow: Allow;
  readonly setting: string;
  /** Paths of the engine's sockets on its host, beyond the usual ones. */
  readonly sockets?: readonly string[];
}

/** Something that is not allowed. */
interface Refusal {
  readonly key: keyof Allow;
  /** The field that asks for it, as origins name it. */
  readonly field: string;
  readonly what: string;
}

/** Finds what a run file asks for without being allowed to. */
export function checkAllowed(parameters: Parameters, origins: Origins, allowance: Allowance, findings: Findings): void {
  const refusals = [
    ...refusedSwitches(parameters, allowance.allow),
    ...refusedNames(parameters, allowance.allow),
    ...refusedBinds(parameters, allowance),
  ];
  for (const { key, field, what } of refusals) {
    const setting = `${allowance.setting}.${key}`;
    const message = `${what} is not allowed here. The operator can allow it with \`${setting}\`.`;
    findings.fault(placeOf(origins, field), message, { code: 'run-file-not-allowed', setting });
  }
}

function refusedSwitches({ privileged, networkMode }: Parameters, allow: Allow): Refusal[] {
  const refusals: Refusal[] = [];
  if (privileged && !allow.privileged) refusals.push({ key: 'privileged', field: 'privileged', what: '`privileged`' });
  if (networkMode === 'host' && !allow.hostNetwork) {
    refusals.push({ key: 'hostNetwork', field: 'network_mode', what: 'The network of the host' });
  }
  return refusals;
}

function refusedNames({ devices, capAdd, securityOpt, sysctls }: Parameters, allow: Allow): Refusal[] {
  const paths = new Set(allow.devices.map(cleanPath));
  const capabilities = new Set(allow.capAdd.map(parseCapability));
  const all = capabilities.has('ALL');
  return [
    ...devices
      .filter(({ host }) => !paths.has(host))
      .map(({ host, container }) => refusal('devices', `devices.${container}`, `The device ${quoted(host)}`)),
    ...capAdd
      .filter((name) => !all && !capabilities.has(name))
      .map((name) => refusal('capAdd', `cap_add.${name}`, `The capability ${quoted(name)}`)),
    ...securityOpt
      .filter((option) => !allow.securityOpt.includes(option))
      .map((option) => refusal('securityOpt', `security_opt.${option}`, `The security option ${quoted(option)}`)),
    ...Object.keys(sysctls)
      .filter((name) => !allow.sysctls.includes(name))
      .map((name) => refusal('sysctls', `sysctls.${name}`, `The kernel parameter ${quoted(name)}`)),
  ];
}

const refusal = (key: keyof Allow, field: string, what: string): Refusal => ({ key, field, what });

const refusedBinds = ({ mounts }: Parameters, allowance: Allowance): Refusal[] =>
  mounts
    .filter(({ kind, source }) => kind === 'bind' && !isBindAllowed(source, allowance))
    .map(({ source, target }) => refusal('binds', `volumes.${target}`, `The bind of ${quoted(source)}`));

function placeOf(origins: Origins, field: string): Place {
  const origin = Object.hasOwn(origins, field) ? origins[field] : undefined;
  return origin?.kind === 'file'
    ? { file: origin.path, line: origin.line, column: origin.column }
    : { file: '', line: 1, column: 1 };
}

/** Whether a folder is, or is inside of, an allowed one. A bind that shows an engine's socket needs the socket to be named too. */
function isBindAllowed(source: string, { allow, sockets = [] }: Allowance): boolean {
  const folders = allow.binds.map(cleanPath);
  const known = [...engineSockets, ...sockets.map(cleanPath)];
  const shown = known.filter((one) => isWithin(one, source) || isWithin(realPath(one), realPath(source)));
  const named = shown.every((socket) => folders.some((folder) => realPath(folder) === realPath(socket)));
  return named && folders.some((folder) => isWithin(source, folder) || realPath(source) === realPath(folder));
}

const isWithin = (path: string, folder: string): boolean =>
  folder === '/' || path === folder || path.startsWith(`${folder}/`);

/** The one link that every host has. */
const realPath = (path: string): string => path.replace(/^\/var\/run(?=\/|$)/, '/run');
