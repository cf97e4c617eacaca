import type { Secret } from '../secret.js';
import type { RestartPolicy } from './parameters.js';
import type { Allow, Variables, Verify } from './run-file.js';

/** Contents of PEM files, not their names. */
export interface ClientCertificates {
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: Secret | null;
}

/** One Docker Engine of an environment. */
export interface HostSettings {
  readonly name: string;
  /** `unix:///path`, `tcp://host[:port]` or `ssh://[user@]host[:port]`. */
  readonly engine: string;
  /** For `tcp://` only. */
  readonly tls: ClientCertificates | null;
  /** A host name or an IP address (IPv6 without brackets): where its published ports are reached. */
  readonly address: string;
  /** IP address that ports are published on. Null: all. */
  readonly publish: string | null;
}

/** `rolling`: host by host. `blue-green`: idle hosts first, then the balancer switches. */
export type Strategy = 'rolling' | 'blue-green';

/** What window, hold and approvals hold back. */
export type Gate = 'switch' | 'start';

/** The balancer in front of an environment's hosts. `{service}` stands for the name of the service in every text, `{host}` in commands. */
export type BalancerSettings = HaproxySettings | CommandBalancerSettings;

interface AnyBalancer {
  /** Where verification asks through the balancer: an HTTP address without a slash at its end. Null: nowhere. */
  readonly address: string | null;
}

export interface HaproxySettings extends AnyBalancer {
  readonly kind: 'haproxy';
  /** Admin sockets: paths, or `ssh://[user@]host[:port]/path`. */
  readonly sockets: readonly string[];
  /** A file of this machine. Null: a reload of HAProxy undoes a switch, unless its unit writes one. */
  readonly stateFile: string | null;
  readonly backend: string;
  /** The server of each host, by the host's name. */
  readonly servers: ReadonlyMap<string, string>;
}

export interface CommandBalancerSettings extends AnyBalancer {
  readonly kind: 'command';
  /** Programs with their arguments; no shell reads them. */
  readonly observe: readonly string[];
  readonly enable: readonly string[];
  readonly drain: readonly string[];
}

export type Day = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** A time of the week at which an environment may be changed. */
export interface Window {
  /** The days on which it begins. */
  readonly days: readonly Day[];
  /** Minutes since midnight, by the clocks of the zone. */
  readonly from: number;
  /** Likewise, at most 1440. Before `from`: on the next day. */
  readonly to: number;
  /** As the IANA database names it, such as `Europe/Zurich`. */
  readonly zone: string;
}

/** What containers get if their run file does not say. Null: the built-in value. */
export interface ContainerDefaults {
  /** Bytes. */
  readonly memory: number | null;
  /** Billionths of a CPU. */
  readonly nanoCpus: number | null;
  readonly restart: RestartPolicy | null;
}

/** Milliseconds. */
export interface Timeouts {
  /** How long a host or balancer that does not answer is waited for. */
  readonly reach: number;
  readonly pull: number;
  /** Until when a container has to be verified. */
  readonly start: number;
  /** How long it has to run without a restart. */
  readonly settle: number;
  /** After this a drained host with sessions is reported. */
  readonly drain: number;
  /** After this its sessions are waited for no longer. */
  readonly drainMax: number;
  /** How long both releases are kept after a switch. */
  readonly soak: number;
}

/** `missing`: starts again what should run. `all`: also undoes changes made by hand. */
export type Repair = 'off' | 'missing' | 'all';

/** A named set of hosts, and how releases get there. */
export interface Environment {
  readonly name: string;
  /** At least one, by name. */
  readonly hosts: ReadonlyMap<string, HostSettings>;
  readonly strategy: Strategy;
  readonly balancer: BalancerSettings | null;
  readonly gate: Gate;
  /** Empty: always open. */
  readonly window: readonly Window[];
  /** How many tokens have to approve, besides the one that asked. */
  readonly approvals: number;
  /** The environment in which a release has to be verified before. */
  readonly requires: string | null;
  /** The branch whose new releases are deployed without a ticket. */
  readonly follow: string | null;
  readonly allow: Allow;
  readonly defaults: ContainerDefaults;
  /** Hidden as a whole, since some of them may be secret. */
  readonly variables: Secret<Variables>;
  readonly timeouts: Timeouts;
  /** Deployments at once. */
  readonly concurrency: number;
  /** Older verified releases whose stopped containers and images stay on the hosts. */
  readonly keep: number;
  readonly repair: Repair;
}

/** How one service is deployed. Nothing of it shapes an image. */
export interface DeploySettings {
  /** Repository-relative path of the run file. Null: it is looked for. */
  readonly file: string | null;
  /** Names of environments, in the order in which they are written. */
  readonly environments: readonly string[];
  /** By environment, over the environment's own. Seen by this service alone. */
  readonly variables: ReadonlyMap<string, Secret<Variables>>;
  /** By environment, in addition to what the environment allows. */
  readonly allow: ReadonlyMap<string, Allow>;
  /** Its keys win over those of the run file. Hidden, since a header may be secret. */
  readonly verify: Secret<Verify> | null;
  /** The keys of `verify` that have a variable of the configuration inside, and are never shown. */
  readonly secretVerifyKeys: readonly (keyof Verify)[];
  /** Former name of the service, whose containers and releases it takes over. */
  readonly formerly: string | null;
}
