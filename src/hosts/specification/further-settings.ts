import { memberOf, textOf, textsOf, type JsonObject } from '../../docker/answer.js';
import { objectsOf } from '../messages/container-state.js';

/** Members of `Config` that parameters hold, and those that change nothing for a container in the background. */
const knownConfig = new Set([
  ...['Hostname', 'User', 'ExposedPorts', 'Env', 'Cmd', 'Healthcheck', 'Image', 'Volumes', 'WorkingDir', 'Entrypoint'],
  ...['Labels', 'StopSignal', 'StopTimeout'],
  ...['AttachStdin', 'AttachStdout', 'AttachStderr', 'StdinOnce', 'OnBuild', 'ArgsEscaped', 'Shell'],
]);

/** Members of `HostConfig` that parameters hold, and those that the engine derives or that are read below. */
const knownHostConfig = new Set([
  ...['Binds', 'Mounts', 'Tmpfs', 'Devices', 'LogConfig', 'NetworkMode', 'PortBindings', 'RestartPolicy', 'Init'],
  ...['CapAdd', 'CapDrop', 'Dns', 'ExtraHosts', 'GroupAdd', 'OomScoreAdj', 'Privileged', 'ReadonlyRootfs'],
  ...['SecurityOpt', 'Sysctls', 'ShmSize', 'Ulimits', 'Memory', 'MemorySwap', 'NanoCpus', 'PidsLimit'],
  ...['ConsoleSize', 'ContainerIDFile', 'MaskedPaths', 'ReadonlyPaths', 'CgroupnsMode'],
]);

/** What the engine fills in, beyond values that are empty. */
const usual: Readonly<Record<string, readonly unknown[]>> = {
  IpcMode: ['private', 'shareable'],
  Runtime: ['runc'],
  Isolation: ['default'],
  MemorySwappiness: [-1],
};

const usualNetworks = ['', 'default', 'bridge', 'host', 'none'];

/** Settings of a container that no parameter holds, by the engine's names, such as `HostConfig.CpuShares`. */
export function furtherSettings(seen: JsonObject): readonly string[] {
  const [config, host] = [memberOf(seen, 'Config'), memberOf(seen, 'HostConfig')];
  const mode = textOf(host, 'NetworkMode');
  const networks = Object.keys(memberOf(memberOf(seen, 'NetworkSettings'), 'Networks')).filter(
    (name) => name !== mode && !usualNetworks.includes(name),
  );
  return [
    ...unknownMembers('Config', config, knownConfig),
    ...unknownMembers('HostConfig', host, knownHostConfig),
    ...(usualNetworks.includes(mode) ? [] : [`HostConfig.NetworkMode ${mode}`]),
    ...networks.map((name) => `NetworkSettings.Networks ${name}`),
    ...objectsOf(host['Mounts'])
      .filter(isOdd)
      .map((mount) => `HostConfig.Mounts ${textOf(mount, 'Target')}`),
    ...textsOf(host['Binds'])
      .filter(isOddBind)
      .map((bind) => `HostConfig.Binds ${bind}`),
  ];
}

const unknownMembers = (parent: string, object: JsonObject, known: ReadonlySet<string>): readonly string[] =>
  Object.entries(object)
    .filter(([name, value]) => !known.has(name) && !isEmpty(value) && usual[name]?.includes(value) !== true)
    .map(([name]) => `${parent}.${name}`);

function isEmpty(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return !value;
  return Object.keys(value).length === 0;
}

/** A mount of another type, or with options of its own. */
function isOdd(mount: JsonObject): boolean {
  const type = textOf(mount, 'Type');
  const options = ['BindOptions', 'VolumeOptions', 'TmpfsOptions'].map((name) => memberOf(mount, name));
  return (
    (type !== 'bind' && type !== 'volume') || options.some((one) => Object.values(one).some((value) => !isEmpty(value)))
  );
}

/** `source:target[:options]` with another option than the access. */
const isOddBind = (bind: string): boolean =>
  (bind.split(':')[2] ?? '').split(',').some((option) => !['', 'rw', 'ro'].includes(option));
