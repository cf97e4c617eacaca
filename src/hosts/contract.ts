import type { ContainerState, ContainerSummary, VolumeMount } from '../model/container.js';
import type { Parameters, RestartPolicy } from '../model/parameters.js';
import type { Secret } from '../secret.js';

/** What a container is, or was, created from. */
export interface Specification {
  readonly parameters: Parameters;
  /** The address on which ports without one of their own are published. Null: every address. */
  readonly publish: string | null;
}

export interface NewContainer extends Specification {
  /** Unique on the host. Letters, digits, `_`, `.` and `-`. */
  readonly name: string;
  /** An image that the host has, by digest or by its local name. */
  readonly image: string;
  /** Besides those of the parameters. */
  readonly labels: Readonly<Record<string, string>>;
  /** Used instead of the policy of the parameters: `no` until the container is verified. */
  readonly restart: RestartPolicy;
  /** Volumes of the container that it replaces, at places where the image has a `VOLUME`. */
  readonly takeOver: readonly VolumeMount[];
}

/** A container as the host has it. */
export interface ObservedContainer {
  readonly id: string;
  readonly name: string;
  /** As it was named when the container was created. */
  readonly image: string;
  readonly imageId: string;
  /** `name@sha256:…` of its image, which is what identifies what runs. Empty if the image is gone. */
  readonly digests: readonly string[];
  /** All of them. */
  readonly labels: Readonly<Record<string, string>>;
  readonly state: ContainerState;
  readonly restart: RestartPolicy;
  /**
   * What it was created from, in the same canonical form, with its present restart policy. What image or engine filled in reads as null.
   * Null if the image is gone, since that may be any of the values then.
   */
  readonly parameters: Parameters | null;
  /** Settings that no parameter holds, by the engine's names, such as `HostConfig.CpuShares`. Slipway's own containers have none. */
  readonly further: readonly string[];
  /** Every volume that it mounts, with those of the image's `VOLUME`. */
  readonly volumes: readonly VolumeMount[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/**
 * The containers of a host. Calls may run side by side. Each fails with `host-unreachable` or `engine-error`; those that change something
 * may have done it nevertheless, so look before you ask again.
 */
export interface Containers {
  /** All containers, running or not; only those with all of these labels if some are given. */
  list(labels?: Readonly<Record<string, string>>): Promise<readonly ContainerSummary[]>;
  /**
   * Null if there is none. `wanted` says how to read what can be written in more than one way: a field that comes out as `wanted` has it
   * reads as `wanted` has it.
   */
  inspect(idOrName: string, wanted?: Specification): Promise<ObservedContainer | null>;
  /**
   * Creates it, or finds the one of that name if it has the same labels (an earlier answer was lost). Named volumes are made if they are
   * missing. Fails with `volume-missing`, `bind-missing`, `owned-by-other` (another container has the name), `image-pull-failed` (the
   * image is not there any more) or `container-start-failed` (the engine refuses the parameters).
   */
  create(container: NewContainer): Promise<{ readonly id: string; readonly warnings: readonly string[] }>;
  /** Removes a stopped container, without its volumes. True if it is gone; false if it runs, or is being removed. */
  remove(id: string): Promise<boolean>;
}

/** Changes what a container does. True also if there was nothing to change; false if there is no such container. Fails as `Containers`. */
export interface Controls {
  /** Fails with `port-in-use`, `bind-missing` or `container-start-failed` too; the container stays as it is. */
  start(id: string): Promise<boolean>;
  /** Asks it to stop and kills it after `graceMs` milliseconds. Resolves when it has ended. */
  stop(id: string, graceMs: number): Promise<boolean>;
  setRestart(id: string, policy: RestartPolicy): Promise<boolean>;
}

/** Who signs in at a registry, `host[:port]`, for a pull. */
export interface PullCredentials {
  readonly host: string;
  readonly username: string;
  readonly password: Secret;
}

export interface HostImage {
  readonly id: string;
  /** `name@sha256:…`. */
  readonly digests: readonly string[];
  /** Places of its `VOLUME`s. */
  readonly volumes: readonly string[];
  readonly entrypoint: readonly string[] | null;
}

/** The images of a host. References that are not valid are `internal`. Fails as `Containers`. */
export interface HostImages {
  /**
   * Pulls `name@sha256:…`. The credentials are sent to the host for their own registry alone. Fails with `image-pull-failed` (may succeed
   * later), `registry-unauthorized`, `registry-refused` (the registry does not have it, or not for us), or the signal's reason.
   */
  pull(reference: string, credentials: PullCredentials | null, signal: AbortSignal): Promise<void>;
  /** Gives an image another name, which may be a local one. `image-pull-failed` if the image is not there. */
  tag(reference: string, name: string): Promise<void>;
  find(reference: string): Promise<HostImage | null>;
  /** Removes a name, and the image with its last one. False if a container needs it. */
  remove(name: string): Promise<boolean>;
}

/** Named volumes. They are never removed. Fails as `Containers`. */
export interface HostVolumes {
  exists(name: string): Promise<boolean>;
  /** Does nothing if it exists. */
  create(name: string, labels: Readonly<Record<string, string>>): Promise<void>;
}

export type ContainerAction =
  'create' | 'start' | 'die' | 'stop' | 'kill' | 'oom' | 'restart' | 'update' | 'rename' | 'health' | 'destroy';

export interface ContainerEvent {
  /** Milliseconds since the epoch, by the host's clock. */
  readonly at: number;
  readonly action: ContainerAction;
  readonly id: string;
  readonly name: string;
  /** Labels of the container, among other things that the engine notes. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface LogOptions {
  /** Last lines, at most 10,000. */
  readonly tail: number;
  /** Goes on until the container ends, or the signal aborts. */
  readonly follow: boolean;
  /** Only lines from this time on, in milliseconds since the epoch, by the host's clock. */
  readonly since?: number;
}

export interface ContainerLogLine {
  readonly stream: 'stdout' | 'stderr';
  /** Milliseconds since the epoch; null if the engine does not say. */
  readonly at: number | null;
  /** At most 64 KiB; longer lines come in parts. As the container wrote it, so not fit for a terminal. */
  readonly text: string;
  /** True if the next line of the stream is the next part of the same line. */
  readonly goesOn?: boolean;
}

/** Both end without an error when the signal aborts. They fail with `host-unreachable` if the connection breaks, or with `engine-error`. */
export interface HostEvents {
  /**
   * What happens to containers, from a moment on (milliseconds since the epoch, by the host's clock; null: from now on). Events are lost
   * while nobody listens, and a silent connection may be a dead one, so look from time to time as well.
   */
  follow(since: number | null, signal: AbortSignal): AsyncIterable<ContainerEvent>;
  /** What a container wrote. Nothing if there is no such container. */
  logs(id: string, options: LogOptions, signal: AbortSignal): AsyncIterable<ContainerLogLine>;
}

/** Limits that the host can enforce; a limit that it cannot enforce is left out when a container is created. */
export interface HostLimits {
  readonly memory: boolean;
  readonly swap: boolean;
  readonly pids: boolean;
}

export interface HostInfo {
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
  readonly engineVersion: string;
  /** True if images are in containerd's store. */
  readonly containerdStore: boolean;
  readonly limits: HostLimits;
}

/** One Docker Engine of an environment. Connects on first use. */
export interface Host {
  readonly name: string;
  readonly containers: Containers;
  readonly controls: Controls;
  readonly images: HostImages;
  readonly volumes: HostVolumes;
  readonly events: HostEvents;
  /** Fails with `host-unreachable` and the reason. */
  ping(): Promise<void>;
  info(): Promise<HostInfo>;
  /** Ends what was started to reach it. */
  close(): Promise<void>;
}

/** The hosts of the environments, as the configuration has them. */
export interface Hosts {
  /**
   * The host, opened at the first call. It is the same one while its settings are, and another one afterwards. Null: it is not configured,
   * or `close` was called. Fails with `invalid-configuration` for an address that no host has.
   */
  find(environment: string, host: string): Promise<Host | null>;
  /** Closes the hosts that have left the configuration. */
  closeGone(): Promise<void>;
  close(): Promise<void>;
}
