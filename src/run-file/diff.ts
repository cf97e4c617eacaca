import type { Healthcheck, Parameters } from '../model/parameters.js';
import {
  bytesText,
  cpusText,
  deviceText,
  durationText,
  mountText,
  portText,
  restartText,
  ulimitText,
} from './format.js';
import { NANOSECONDS_PER_MS } from './values.js';

/** One field in which two containers differ. Null: the field is not set. */
export interface Difference {
  /** As in `Origins`: `mem_limit`, `environment.DB_HOST`, `volumes./data`. */
  readonly field: string;
  readonly from: string | null;
  readonly to: string | null;
  /** True if one of the values is secret; then neither is shown. */
  readonly secret: boolean;
}

/** Shown instead of a value that is secret. */
export const notShown = '(changed, not shown)';

interface Field {
  readonly text: string;
  readonly secret: boolean;
}

/** The fields in which two containers differ, in the order of their names. */
export const diff = (from: Parameters, to: Parameters): readonly Difference[] => compare(fieldsOf(from), fieldsOf(to));

/** Every field that is set, in the order of their names, as a difference from nothing. */
export const allFields = (to: Parameters): readonly Difference[] => compare(new Map(), fieldsOf(to));

function compare(before: ReadonlyMap<string, Field>, after: ReadonlyMap<string, Field>): readonly Difference[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((field) => {
    const [old, now] = [before.get(field), after.get(field)];
    if (old?.text === now?.text) return [];
    const secret = old?.secret === true || now?.secret === true;
    const shown = (value: Field | undefined) => (value === undefined ? null : secret ? notShown : value.text);
    return { field, from: shown(old), to: shown(now), secret };
  });
}

/** Every field that is set, as text. */
function fieldsOf(parameters: Parameters): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  const set = (name: string, text: string | null, secret = false) =>
    text !== null && fields.set(name, { text, secret });
  for (const [name, text] of singleFields(parameters)) set(name, text);
  for (const [name, { value, secret }] of Object.entries(parameters.environment))
    set(`environment.${name}`, value, secret);
  for (const [name, text] of Object.entries(parameters.labels)) set(`labels.${name}`, text);
  for (const [name, text] of Object.entries(parameters.sysctls)) set(`sysctls.${name}`, text);
  for (const [path, options] of Object.entries(parameters.tmpfs)) set(`tmpfs.${path}`, options);
  for (const [name, limits] of Object.entries(parameters.ulimits)) set(`ulimits.${name}`, ulimitText(limits));
  for (const mount of parameters.mounts) set(`volumes.${mount.target}`, mountText(mount));
  for (const device of parameters.devices) set(`devices.${device.container}`, deviceText(device));
  return fields;
}

const listed = (items: readonly string[]): string | null => (items.length === 0 ? null : JSON.stringify(items));
const words = (items: readonly string[] | null): string | null => (items === null ? null : JSON.stringify(items));
const yes = (value: boolean): string => (value ? 'true' : 'false');

function singleFields(parameters: Parameters): readonly (readonly [string, string | null])[] {
  const { shmSize, pidsLimit, logging, healthcheck } = parameters;
  return [
    ['cap_add', listed(parameters.capAdd)],
    ['cap_drop', listed(parameters.capDrop)],
    ['command', words(parameters.command)],
    ['cpus', parameters.nanoCpus === 0 ? null : cpusText(parameters.nanoCpus)],
    ['dns', listed(parameters.dns)],
    ['entrypoint', words(parameters.entrypoint)],
    ['extra_hosts', listed(parameters.extraHosts)],
    ['group_add', listed(parameters.groupAdd)],
    ['healthcheck', healthcheck === null ? null : healthcheckText(healthcheck)],
    ['hostname', parameters.hostname],
    ['init', yes(parameters.init)],
    [
      'logging',
      JSON.stringify([
        logging.driver,
        ...Object.entries(logging.options)
          .sort()
          .map((pair) => pair.join('=')),
      ]),
    ],
    ['mem_limit', parameters.memory === 0 ? null : bytesText(parameters.memory)],
    ['memswap_limit', parameters.memorySwap <= 0 ? String(parameters.memorySwap) : bytesText(parameters.memorySwap)],
    ['network_mode', parameters.networkMode],
    ['oom_score_adj', parameters.oomScoreAdj === 0 ? null : String(parameters.oomScoreAdj)],
    ['pids_limit', pidsLimit === null ? null : String(pidsLimit)],
    ['ports', listed(parameters.ports.map(portText))],
    ['privileged', yes(parameters.privileged)],
    ['read_only', yes(parameters.readOnly)],
    ['restart', restartText(parameters.restart)],
    ['security_opt', listed(parameters.securityOpt)],
    ['shm_size', shmSize === null ? null : bytesText(shmSize)],
    ['stop_grace_period', durationText(parameters.stopGracePeriod * NANOSECONDS_PER_MS)],
    ['stop_signal', parameters.stopSignal],
    ['user', parameters.user],
    ['working_dir', parameters.workingDir],
  ];
}

function healthcheckText({ disabled, test, retries, ...times }: Healthcheck): string {
  if (disabled) return 'disabled';
  const parts = Object.entries(times).map(([name, time]) => (time === null ? null : `${name} ${durationText(time)}`));
  return [test === null ? null : JSON.stringify(test), ...parts, retries === null ? null : `retries ${retries}`]
    .filter((part) => part !== null)
    .join(', ');
}
