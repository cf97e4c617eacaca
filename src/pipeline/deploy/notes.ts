import { isoTime } from '../../iso-time.js';
import type { Attempt } from '../../model/build.js';
import type { Deployment, DeploymentStep, HostPhase, HostProgress, Verification } from '../../model/deployment.js';
import { printable } from '../../printable.js';
import type { DeployDeps } from './deps.js';
import type { Mask } from './mask.js';
import { Stopped } from './stopped.js';

type Deps = Pick<DeployDeps, 'store' | 'clock' | 'announce'>;

/**
 * What people see of a running deployment: how far each host is, steps, warnings, log. Nothing is decided by it. Every call throws
 * `Stopped` (`lost`) once another worker has the deployment.
 */
export class Notes {
  readonly #attempt: Attempt;
  readonly #hosts: Map<string, HostProgress>;
  readonly #steps: DeploymentStep[];
  readonly #warnings: Set<string>;

  constructor(
    private readonly deployment: Deployment,
    private readonly deps: Deps,
    /** Hosts may word what they say with what they were given. */
    private readonly mask: Mask,
  ) {
    this.#attempt = { id: deployment.id, claim: deployment.claim };
    this.#hosts = new Map(deployment.hosts.map((one) => [one.host, one]));
    // A step that an earlier attempt left open ended with that attempt.
    const now = deps.clock.now();
    this.#steps = deployment.steps.map((step) => ({ ...step, finishedAt: step.finishedAt ?? now }));
    this.#warnings = new Set(deployment.warnings);
  }

  get warnings(): readonly string[] {
    return [...this.#warnings];
  }

  async phase(host: string, state: HostPhase): Promise<void> {
    const before = this.#hosts.get(host);
    if (before?.state === state) return;
    this.#hosts.set(host, { host, state, verifications: before?.verifications ?? [] });
    await this.#keep({ hosts: [...this.#hosts.values()] });
  }

  /** Runs a step of the deployment, on a host if one is named. */
  async step<T>(name: string, host: string | null, work: () => Promise<T>): Promise<T> {
    const at = this.#steps.length;
    const opened: DeploymentStep = { name, host, startedAt: this.deps.clock.now(), finishedAt: null };
    this.#steps.push(opened);
    await this.#keep({ steps: this.#steps });
    await this.say(name, host);
    try {
      return await work();
    } finally {
      this.#steps[at] = { ...opened, finishedAt: this.deps.clock.now() };
      await this.#keep({ steps: this.#steps }).catch(() => undefined);
    }
  }

  /** Keeps an answer that differs from the one before it. */
  async verification(host: string, verification: Verification): Promise<void> {
    const { state = 'verifying', verifications = [] } = this.#hosts.get(host) ?? {};
    const last = verifications.at(-1);
    if (last !== undefined && sameAnswer(last, verification)) return;
    this.#hosts.set(host, { host, state, verifications: [...verifications, verification] });
    await this.#keep({ hosts: [...this.#hosts.values()] });
    const { url, status, answer, expected, ok } = verification;
    await this.say(
      `${url}: ${status ?? 'no answer'}${answer === null ? '' : ` ${answer}`}${ok ? '' : ` (expected ${expected})`}`,
      host,
    );
  }

  /** Tells people of something that is no fault, once. */
  async caution(said: string): Promise<void> {
    const warning = this.mask(said);
    if (this.#warnings.has(warning)) return;
    this.#warnings.add(warning);
    await this.#keep({ warnings: this.warnings });
    await this.say(`warning: ${warning}`);
  }

  /** One line of the log. */
  async say(text: string, host: string | null = null): Promise<void> {
    const line = `${isoTime(this.deps.clock.now())} ${host === null ? '' : `${host} | `}${printable(this.mask(text))}\n`;
    if (!(await this.deps.store.deployments.log(this.#attempt, line))) throw new Stopped('lost');
  }

  async #keep(progress: Parameters<DeployDeps['store']['deployments']['progress']>[1]): Promise<void> {
    if (!(await this.deps.store.deployments.progress(this.#attempt, progress))) throw new Stopped('lost');
    this.deps.announce(this.deployment);
  }
}

const sameAnswer = (one: Verification, other: Verification): boolean =>
  one.url === other.url && one.status === other.status && one.answer === other.answer && one.ok === other.ok;
