/** A value of a container's environment. */
export interface EnvironmentValue {
  readonly value: string;
  /** True if any part of the value is secret. */
  readonly secret: boolean;
  /** How a run file writes the value: secrets as `${NAME}`, every other `$` doubled. */
  readonly written: string;
}

export interface PublishedPort {
  /** Empty: the address that the environment's host publishes on. */
  readonly hostIp: string;
  /** Null: the engine chooses one. */
  readonly hostPort: number | null;
  readonly containerPort: number;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
}

export interface Mount {
  readonly kind: 'bind' | 'volume';
  /** An absolute path on the host, or the name of a volume as the engine has it. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** The volume must exist already. False for a bind. */
  readonly external: boolean;
}

export interface Device {
  readonly host: string;
  readonly container: string;
  /** Some of `r`, `w` and `m`, in this order. */
  readonly permissions: string;
}

export interface Ulimit {
  readonly soft: number;
  readonly hard: number;
}

export interface RestartPolicy {
  readonly name: 'no' | 'always' | 'unless-stopped' | 'on-failure';
  /** 0: without end. */
  readonly maxRetries: number;
}

/** Null fields take what the image says. Times are in nanoseconds, as the engine counts. */
export interface Healthcheck {
  readonly disabled: boolean;
  readonly test: readonly string[] | null;
  readonly interval: number | null;
  readonly timeout: number | null;
  readonly startPeriod: number | null;
  readonly startInterval: number | null;
  readonly retries: number | null;
}

export interface Logging {
  readonly driver: string;
  readonly options: Readonly<Record<string, string>>;
}

/**
 * Everything that a container is created from, except its image. Canonical: equal containers have equal values, however their run file is
 * written. Null means that the image decides, or the engine.
 */
export interface Parameters {
  readonly ports: readonly PublishedPort[];
  readonly environment: Readonly<Record<string, EnvironmentValue>>;
  readonly mounts: readonly Mount[];
  /** Path in the container → options of the mount. */
  readonly tmpfs: Readonly<Record<string, string>>;
  readonly command: readonly string[] | null;
  readonly entrypoint: readonly string[] | null;
  readonly user: string | null;
  readonly workingDir: string | null;
  readonly hostname: string | null;
  readonly privileged: boolean;
  /** Without `CAP_`, in upper case. */
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly securityOpt: readonly string[];
  readonly devices: readonly Device[];
  readonly groupAdd: readonly string[];
  readonly readOnly: boolean;
  readonly init: boolean;
  /** Bytes. */
  readonly shmSize: number | null;
  readonly ulimits: Readonly<Record<string, Ulimit>>;
  readonly sysctls: Readonly<Record<string, string>>;
  /** `name=address`. */
  readonly extraHosts: readonly string[];
  /** In the order in which they are asked. */
  readonly dns: readonly string[];
  readonly networkMode: 'bridge' | 'host' | 'none';
  readonly restart: RestartPolicy;
  readonly stopSignal: string | null;
  /** Milliseconds. */
  readonly stopGracePeriod: number;
  readonly healthcheck: Healthcheck | null;
  readonly logging: Logging;
  readonly labels: Readonly<Record<string, string>>;
  /** Bytes; 0 for no limit. */
  readonly memory: number;
  /** Memory and swap together in bytes; -1 for no limit. */
  readonly memorySwap: number;
  /** Billionths of a CPU; 0 for no limit. */
  readonly nanoCpus: number;
  /** -1 for no limit; null leaves it to the engine. */
  readonly pidsLimit: number | null;
  readonly oomScoreAdj: number;
}

export type ParameterName = keyof Parameters;

/** Where the value of a parameter comes from. */
export type Origin =
  | { readonly kind: 'file'; readonly path: string; readonly line: number; readonly column: number }
  /** The `defaults` of the environment. */
  | { readonly kind: 'environment' }
  /** Built in. */
  | { readonly kind: 'default' };

/** The origin of each parameter, and of each entry of those that have named entries: `environment.DB_HOST`, `volumes./data`. */
export type Origins = Readonly<Record<string, Origin>>;
