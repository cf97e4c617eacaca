import type { Device, Mount, PublishedPort, RestartPolicy, Ulimit } from '../model/parameters.js';
import { NANO, NANOSECONDS_PER_MS } from './values.js';

/** The short form of an entry of `ports`. */
export function portText({ hostIp, hostPort, containerPort, protocol }: PublishedPort): string {
  const address = hostIp.includes(':') ? `[${hostIp}]` : hostIp;
  const host = hostPort === null ? '' : String(hostPort);
  const front = address === '' ? (host === '' ? '' : `${host}:`) : `${address}:${host}:`;
  return `${front}${containerPort}/${protocol}`;
}

export const mountText = ({ source, target, readOnly }: Mount): string => `${source}:${target}${readOnly ? ':ro' : ''}`;

export const deviceText = ({ host, container, permissions }: Device): string => `${host}:${container}:${permissions}`;

export const restartText = ({ name, maxRetries }: RestartPolicy): string =>
  maxRetries === 0 ? name : `${name}:${maxRetries}`;

export const ulimitText = ({ soft, hard }: Ulimit): string => (soft === hard ? String(soft) : `${soft}:${hard}`);

const durations = [
  ['s', 1e9],
  ['ms', NANOSECONDS_PER_MS],
  ['us', 1e3],
  ['ns', 1],
] as const;

/** A duration in the largest unit that needs no fraction. */
export function durationText(nanoseconds: number): string {
  const [unit, length] = durations.find(([, size]) => nanoseconds % size === 0) ?? ['ns', 1];
  return `${nanoseconds / length}${unit}`;
}

const sizes = [
  ['g', 2 ** 30],
  ['m', 2 ** 20],
  ['k', 2 ** 10],
] as const;

/** A size in the largest unit that needs no fraction: `8g`, `512m`, `1000`. */
export function bytesText(bytes: number): string {
  const [unit, size] = sizes.find(([, one]) => bytes >= one && bytes % one === 0) ?? ['', 1];
  return `${bytes / size}${unit}`;
}

/** CPUs without an exponent. */
export const cpusText = (nanoCpus: number): string => (nanoCpus / NANO).toFixed(9).replace(/\.?0+$/, '');
