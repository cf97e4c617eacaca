/** What a container does, as the engine says it. */
export type ContainerStatus = 'created' | 'running' | 'restarting' | 'paused' | 'exited' | 'dead' | 'removing';

/** How a container ended the last time. */
export interface ContainerExit {
  /** 137 also if it ignored the signal to stop until its grace period was over. */
  readonly code: number;
  /** True if the kernel ended it for its memory. */
  readonly oom: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface ContainerState {
  /** `running` also between two ends of a crash loop: up means equal `startedAt` and `restarts` over a while. */
  readonly status: ContainerStatus;
  /** Null: it has no health check. */
  readonly health: 'starting' | 'healthy' | 'unhealthy' | null;
  /** Of its newest start, in milliseconds since the epoch. Null: it was never started. */
  readonly startedAt: number | null;
  /** How often the engine started it again by its restart policy. A start by hand begins at 0. */
  readonly restarts: number;
  /** Null while it runs, and before its first end. */
  readonly lastExit: ContainerExit | null;
}

/** A port of a running container, where the host has it. */
export interface BoundPort {
  /** `0.0.0.0` or `::` for every address. */
  readonly hostIp: string;
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
}

/** A volume in a container. */
export interface VolumeMount {
  readonly volume: string;
  readonly target: string;
}

/** What a list of containers says. */
export interface ContainerSummary {
  readonly id: string;
  readonly name: string;
  /** As it was named when the container was created. */
  readonly image: string;
  readonly imageId: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly status: ContainerStatus;
  /** Empty unless it runs. */
  readonly ports: readonly BoundPort[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}
