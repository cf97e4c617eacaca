import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from './secret.js';

/** What one of our containers is, as its labels say. */
export interface ContainerIdentity {
  readonly environment: string;
  readonly service: string;
  /** Number of the release. */
  readonly release: number;
  /** Id of the deployment that made the container. */
  readonly deployment: string;
  /** Stands for the specification that it was created from; see `Labels.specOf`. */
  readonly spec: string;
}

/** A container as a host lists it. */
export interface Labelled {
  /** The engine's id, by which a container is known that was taken. */
  readonly id?: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Labels of one instance. Only somebody who has its key can make them. */
export interface Labels {
  /** Those of a new container, which has to be called `containerName(identity)`. */
  of(identity: ContainerIdentity): Readonly<Record<string, string>>;
  /** Null: the container is not ours, whatever its labels say. */
  read(container: Labelled): ContainerIdentity | null;
  /** True if the container names our instance. Ours it is only if `read` says so too. */
  names(container: Labelled): boolean;
  /** What the labels of a container that names our instance say, true or not. Null: they do not say enough. */
  claim(container: Pick<Labelled, 'labels'>): ContainerIdentity | null;
  /** What each former name of a service is from now on. */
  rename(names: ReadonlyMap<string, string>): void;
  /** What the service of that name is called now. */
  present(service: string): string;
  /** From now on the container of that id is what its labels claim: somebody said so. */
  take(id: string): void;
  /** A text that is equal for equal specifications, and says nothing of the secrets in them. `specification`: its canonical form. */
  specOf(specification: string): string;
}

const prefix = 'dev.slipway.';
const fields = ['instance', 'environment', 'service', 'release', 'deployment', 'spec'] as const;
type Field = (typeof fields)[number];
const releaseNumber = /^[1-9]\d{0,8}$/;

/** The name of a container: `<service>.<environment>.<deployment>`. */
export const containerName = ({ service, environment, deployment }: Omit<ContainerIdentity, 'release' | 'spec'>) =>
  `${service}.${environment}.${deployment}`;

/**
 * Labels `dev.slipway.*`. `spec` and `seal` are HMACs (RFC 2104, SHA-256) with the key. The seal covers all other labels, and a container has
 * to have the name that belongs to them. A host gives a name once, so an image that brings our labels makes no container of ours.
 * `taken`: ids of containers that were taken before. A container keeps the name of its service; what is read has the present one.
 */
export function createLabels(instance: string, key: Secret, taken: Iterable<string> = []): Labels {
  const ours = new Set(taken);
  let presentNames: ReadonlyMap<string, string> = new Map();
  const present = (service: string): string => presentNames.get(service) ?? service;
  const renamed = (claimed: ContainerIdentity): ContainerIdentity => ({
    ...claimed,
    service: present(claimed.service),
  });
  const hmac = (what: 'seal' | 'spec', texts: readonly string[]): string =>
    createHmac('sha256', key.reveal())
      .update(JSON.stringify([what, ...texts]))
      .digest('hex');
  const sealOf = (labels: Readonly<Record<Field, string>>): string =>
    hmac('seal', [...fields.map((its) => labels[its])]);
  return {
    of({ environment, service, release, deployment, spec }) {
      const labels = { instance, environment, service, release: String(release), deployment, spec };
      const all = { ...labels, seal: sealOf(labels) };
      return Object.fromEntries(Object.entries(all).map(([name, value]) => [`${prefix}${name}`, value]));
    },
    read({ id, name, labels }) {
      const claimed = claimOf(instance, labels);
      if (claimed === null) return null;
      if (id !== undefined && ours.has(id)) return renamed(claimed);
      if (name !== containerName(claimed)) return null;
      const seal = sealOf({ instance, ...claimed, release: String(claimed.release) });
      return areEqual(seal, labels[`${prefix}seal`] ?? '') ? renamed(claimed) : null;
    },
    claim({ labels }) {
      const claimed = claimOf(instance, labels);
      return claimed && renamed(claimed);
    },
    present,
    rename(names) {
      presentNames = names;
    },
    take: (id) => void ours.add(id),
    names: ({ labels }) => labels[`${prefix}instance`] === instance,
    specOf: (specification) => hmac('spec', [specification]),
  };
}

/** What labels say, without a look at their seal. */
function claimOf(instance: string, labels: Labelled['labels']): ContainerIdentity | null {
  const its = (field: Field): string => labels[`${prefix}${field}`] ?? '';
  const [environment, service, deployment, spec] = [its('environment'), its('service'), its('deployment'), its('spec')];
  const release = its('release');
  if (its('instance') !== instance || !releaseNumber.test(release)) return null;
  if ([environment, service, deployment, spec].includes('')) return null;
  return { environment, service, release: Number(release), deployment, spec };
}

/** Takes equally long wherever they differ. */
function areEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
