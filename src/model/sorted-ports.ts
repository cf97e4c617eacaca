import type { PublishedPort } from './parameters.js';

const sortKey = ({ hostIp, hostPort, containerPort, protocol }: PublishedPort): string =>
  [containerPort, protocol, hostPort ?? 0, hostIp].map((part) => String(part).padStart(5, '0')).join(' ');

/** Ports in their canonical order. */
export const sortedPorts = (ports: readonly PublishedPort[]): readonly PublishedPort[] =>
  [...ports].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
