/**
 * `active`: it is to get requests, and the balancer can send them. `down`: it is to get requests, and the balancer cannot send any.
 * `drained`: it gets no new requests because somebody took it out (drained, or in maintenance). `unknown`: the balancer does not say one
 * thing. So `active` and `down` are what counts as active, `drained` as idle.
 */
export type BalancedState = 'active' | 'drained' | 'down' | 'unknown';

/** A host as the balancer sees it, for one service. */
export interface BalancedHost {
  readonly state: BalancedState;
  /** Requests and connections that it has or that wait for it. Null: the balancer does not say. */
  readonly sessions: number | null;
  /**
   * Whether its last health check passed. False too from a host's return to service until its next check. Null: the balancer does not
   * check it, or does not say.
   */
  readonly passedCheck: boolean | null;
  /** Why it is `down` or `unknown`, as the end of a sentence. Null: there is nothing to say. */
  readonly reason: string | null;
}

/**
 * Whether a change may be made now. It is called in its turn, right before each part of it, and throws where it may not. `isBegun`: a part of it
 * was made, so only what forbids a change altogether counts.
 */
export type Permit = (isBegun?: boolean) => Promise<void>;

/** For changes that nobody else may be making. */
export const always: Permit = async () => undefined;

/**
 * What sends requests to the hosts of one environment. Calls may run side by side; changes of one service run one after the other. Connects
 * at each call. A part of a change ends within 10 seconds of its permit, done or not. Each fails with `balancer-unavailable` (no answer, or none of a balancer; a change may have happened nevertheless, so observe
 * or ask again) or `balancer-refused` (it never heard of the service or host, or does not want to).
 */
export interface Balancer {
  /** Every host of the environment, by name. */
  observe(service: string): Promise<ReadonlyMap<string, BalancedHost>>;
  /**
   * Lets a host get requests. Does nothing if it does. From now on requests may reach it, even before its first check passes: observe until
   * it is `active` and `passedCheck` is not false before another one is drained. Resolves with warnings for people, such as that a reload of
   * the balancer undoes the change.
   */
  enable(service: string, host: string, permit?: Permit): Promise<readonly string[]>;
  /**
   * Lets a host get no new requests; those that it has go on. Does nothing if it is `drained`. Fails with `balancer-refused` if no other host
   * is `active`. Resolves as `enable`.
   */
  drain(service: string, host: string, permit?: Permit): Promise<readonly string[]>;
  /** Ends what was started to reach it. */
  close(): Promise<void>;
}

/** The balancers of the environments, as the configuration has them. */
export interface Balancers {
  /**
   * The balancer of an environment, opened at the first call. It is the same one while its settings are, and another one afterwards. Null:
   * the environment has none, or `close` was called.
   */
  find(environment: string): Promise<Balancer | null>;
  /** Closes the balancers that have left the configuration. */
  closeGone(): Promise<void>;
  close(): Promise<void>;
}
