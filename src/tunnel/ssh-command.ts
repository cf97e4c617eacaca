import type { SshAddress } from './ssh-address.js';

const options = {
  BatchMode: 'yes',
  StrictHostKeyChecking: 'yes',
  ExitOnForwardFailure: 'yes',
  StreamLocalBindUnlink: 'yes',
  ServerAliveInterval: '5',
  ServerAliveCountMax: '3',
  ConnectTimeout: '10',
  // A shared connection would live in a process that is not ours.
  ControlMaster: 'no',
  ControlPath: 'none',
  ForwardAgent: 'no',
  // With the reasons of what fails behind the login.
  LogLevel: 'INFO',
};

/**
 * Arguments of ssh(1) that forward a local socket to the engine's. ssh never asks, and takes only hosts that are known. `config`: a
 * configuration file instead of the user's.
 */
export function sshArguments(address: SshAddress, localSocket: string, config: string | null): readonly string[] {
  return [
    '-N',
    '-T',
    ...(config === null ? [] : ['-F', config]),
    ...Object.entries(options).flatMap((pair) => ['-o', pair.join('=')]),
    ...['-L', `${localSocket}:${address.socket}`],
    ...(address.user === null ? [] : ['-l', address.user]),
    ...(address.port === null ? [] : ['-p', String(address.port)]),
    '--',
    address.host,
  ];
}
