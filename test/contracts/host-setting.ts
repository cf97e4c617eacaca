import type { Host, NewContainer, PullCredentials } from '../../src/hosts/contract.js';
import type { Parameters } from '../../src/model/parameters.js';

export interface HostHarness {
  readonly host: Host;
  /** `name@sha256:…` of an image that the host can pull, with a shell. Its registry wants the credentials. */
  readonly image: string;
  readonly credentials: PullCredentials;
  readonly wrongCredentials: PullCredentials;
  /** `name@sha256:…` that the registry does not have. */
  readonly missing: string;
  /** `name@sha256:…` at a registry that does not answer. */
  readonly unreachable: string;
  /** Two ports of the host that are free. */
  readonly ports: readonly [number, number];
  /** Takes a port, as another program would. */
  occupy(port: number): Promise<void>;
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

export interface Setting {
  harness(): HostHarness;
  host(): Host;
  newContainer(changes?: Partial<Parameters>, more?: Partial<NewContainer>): NewContainer;
}

export const never = new AbortController().signal;

/** Commands that the fake knows too. */
export const commands = {
  lasting: ['sh', '-c', 'trap "exit 0" TERM; while true; do sleep 0.1; done'],
  speaking: ['sh', '-c', 'echo one; echo two >&2; echo three; exit 3'],
  missing: ['no-such-program'],
} as const;
