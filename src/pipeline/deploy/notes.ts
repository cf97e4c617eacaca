import { isoTime } from '../../iso-time.js';
import type { Attempt } from '../../model/build.js';
import type { Deployment, DeploymentStep, HostPhase, HostProgress, Verification } from '../../model/deployment.js';
import type { WaitedOut } from '../../model/waiting-for.js';
import { printable } from '../../printable.js';
import type { DeployDeps } from './deps.js';
import type { Mask } from '../../mask.js';
import { Stopped } from './stopped.js';
import type { Patience } from './while-it-passes.js';

type Deps = Pick<DeployDeps, 'store' | 'clock' | 'announce'>;

/**
 * What a running deployment reports: how far each host is, steps, warnings, log. Nothing is decided by it. Every call throws
 * `Stopped` (`lost`) once another worker has the deployment.
 */
export class Notes {
  readonly #attempt: Attempt;
  readonly #hosts: Map<string, HostProgress>;
  readonly #steps: DeploymentStep[];
  readonly #warnings: Set<string>;
  #activeBefore: readonly string[] | null;
  readonly #waits = new Map<string | null, WaitedOut>();

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
    this.#activeBefore = deployment.activeBefore;
  }

  /** Whether nothing had to be done so far, by this attempt or one before it. */
  get isIdle(): boolean {
    return this.#steps.length === 0;
  }

  get warnings(): readonly string[] {
    return [...this.#warnings];
  }

  /** Hosts on which something was replaced, or was about to be: it is stored before it is done. */
  get touched(): ReadonlySet<string> {
    const all = [...this.#hosts.values()];
    return new Set(all.filter(({ state }) => touchedStates.includes(state)).map(({ host }) => host));
  }

  readonly phaseOf = (host: string): HostPhase | null => this.#hosts.get(host)?.state ?? null;

  /** See `Deployment.activeBefore`. */
  get activeBefore(): readonly string[] | null {
    return this.#activeBefore;
  }

  /** The first ones count: what a later attempt finds may be changed already. */
  async rememberActive(hosts: readonly string[]): Promise<void> {
    if (this.#activeBefore !== null) return;
    await this.#keep({ activeBefore: hosts });
    this.#activeBefore = hosts;
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
    const line = await this.say(name, host, at);
    let ended: Pick<DeploymentStep, 'failed'> = {};
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Stopped)) ended = { failed: true };
      throw error;
    } finally {
      this.#steps[at] = { ...opened, ...ended, line, finishedAt: this.deps.clock.now() };
      await this.#keep({ steps: this.#steps }).catch(() => undefined);
    }
  }

  /** What `whileItPasses` is to say of a host, or of the registry (null): the deployment shows what it waits for. */
  waits(host: string | null): Pick<Patience, 'onFailure' | 'onPass'> {
    const show = (): Promise<void> => this.#keep({ waitedOut: [...this.#waits.values()][0] ?? null });
    return {
      onFailure: async ({ code, message }, until) => {
        const before = this.#waits.get(host);
        this.#waits.set(host, { code, message: this.mask(message), until });
        await show();
        // A host that is away for minutes says the same each time.
        if (before?.message !== this.mask(message)) await this.say(`${sentence(message)} Trying again.`, host);
      },
      onPass: async () => {
        this.#waits.delete(host);
        await show();
      },
    };
  }

  /** Keeps an answer that differs from the one before it. */
  async verification(host: string, verification: Verification): Promise<void> {
    const { state = 'verifying', verifications = [] } = this.#hosts.get(host) ?? {};
    const last = verifications.at(-1);
    if (last !== undefined && sameAnswer(last, verification)) return;
    this.#hosts.set(host, { host, state, verifications: [...verifications, verification] });
    await this.#keep({ hosts: [...this.#hosts.values()] });
    await this.say(answerText(verification), host);
  }

  /** Reports something that is no fault, once. */
  async caution(said: string): Promise<void> {
    const warning = this.mask(said);
    if (this.#warnings.has(warning)) return;
    this.#warnings.add(warning);
    await this.#keep({ warnings: this.warnings });
    await this.say(`warning: ${warning}`);
  }

  /** Adds to the log, line by line. Resolves with the number of the first one, if it is known. */
  async say(text: string, host: string | null = null, step = this.#stepAt(host)): Promise<number | null> {
    const at = this.deps.clock.now();
    const prefix = `${isoTime(at)} ${host === null ? '' : `${host} | `}`;
    const lines = this.mask(text)
      .split('\n')
      .map((line) => `${prefix}${printable(line)}\n`);
    const place = await this.deps.store.deployments.log(this.#attempt, lines.join(''), { at, step });
    if (place === false) throw new Stopped('lost');
    return place.line;
  }

  /** The newest step that runs on the host, else the newest that is about no host. */
  #stepAt(host: string | null): number | null {
    const newest = (of: string | null) =>
      this.#steps.findLastIndex((step) => step.host === of && step.finishedAt === null);
    const found = [newest(host), newest(null)].find((index) => index >= 0);
    return found ?? null;
  }

  async #keep(progress: Parameters<DeployDeps['store']['deployments']['progress']>[1]): Promise<void> {
    if (!(await this.deps.store.deployments.progress(this.#attempt, progress))) throw new Stopped('lost');
    this.deps.announce(this.deployment);
  }
}

function answerText({ url, status, answer, expected, ok }: Verification): string {
  const said = answer === null ? '' : ` ${answer === '' ? '(an empty answer)' : answer}`;
  const found = status === null ? `no answer${said && `,${said}`}` : `${status}${said}`;
  return `${url}: ${found}${ok ? '' : ` (expected ${expected})`}`;
}

/** With a full stop, so that another sentence can follow. Engines word theirs without. */
export const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

const touchedStates: readonly HostPhase[] = ['verifying', 'active', 'draining', 'done', 'undone', 'failed'];

const sameAnswer = (one: Verification, other: Verification): boolean =>
  one.url === other.url && one.status === other.status && one.answer === other.answer && one.ok === other.ok;
