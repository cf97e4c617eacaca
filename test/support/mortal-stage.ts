import { ChildSlipway } from './child-slipway.js';
import type { AdminProxy } from './admin-proxy.js';
import { isChange, type Fate } from './host-proxy.js';
import { ask, containersOn, openHostsStage, repository, type HostsStage } from './hosts-stage.js';
import { Tickets, type Ticket } from './tickets.js';

/** Before the engine hears of a call, with the call on its way, or when it is done and the answer has not come yet. */
export const moments = ['before', 'sent', 'done'] as const;

export interface Death {
  /** The change of a host, from 1 on: of all, or of those after the death before. */
  readonly at: number;
  readonly moment: (typeof moments)[number];
}

/** One death at each moment of each change. */
export const deathsOf = (changes: number): readonly Death[] =>
  [...Array(changes).keys()].flatMap((before) => moments.map((moment) => ({ at: before + 1, moment })));

/** What to do, and where to die. */
interface Course {
  /** Asks for it. Resolves with the deployment's id. */
  readonly begin: () => Promise<string>;
  readonly deaths: readonly Death[];
  /** The first change of a host that counts. Default: each one does. */
  readonly from?: (change: string) => boolean;
}

/** What becomes of a request or of a line for HAProxy. */
type Deadly = Exclude<Fate, { readonly status: number }>;

/** Hosts with a Slipway in a process of its own, which is killed at changes of hosts, and started again. */
export class MortalStage {
  #child: ChildSlipway;
  /** The one that takes over: a process needs a second to load what it runs. */
  #next: ChildSlipway;
  readonly tickets = new Tickets(() => this.#child);
  /** What releases say. */
  readonly #words = new Map<number, string>();

  private constructor(
    readonly stage: HostsStage,
    private readonly admin: AdminProxy | null,
  ) {
    this.#child = this.#another();
    this.#next = this.#another();
  }

  #another = (): ChildSlipway => new ChildSlipway(this.stage.slipway.configFile);

  /** With these settings of `production`. */
  static async open(production: object): Promise<MortalStage> {
    return MortalStage.on(await openHostsStage({ starts: false, environments: () => ({ production }) }));
  }

  /** On a stage whose Slipway is only written down, behind a balancer if it has one. Closes it with itself. */
  static async on(stage: HostsStage, admin: AdminProxy | null = null): Promise<MortalStage> {
    const opened = new MortalStage(stage, admin);
    try {
      await opened.#child.ready();
      return opened;
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  /** Makes a release that says a word, and deploys it. Resolves with its number. */
  async release(word: string, files: Record<string, string>): Promise<number> {
    const repo = await this.stage.git.repo(repository);
    await this.#child.push(repository, 'main', { after: await repo.commit({ files }) });
    const { number } = (await this.tickets.deploy()).release;
    this.#words.set(number, word);
    return number;
  }

  judge(one: ((request: string) => Deadly | Promise<Deadly>) | null): void {
    for (const { proxy } of this.stage.hosts) proxy.judge(one);
    this.admin?.judge(one);
  }

  /** Kills the process. What becomes of the request that it had sent. */
  async die(moment: Death['moment']): Promise<Deadly> {
    if (moment === 'done') return { lose: () => this.#child.kill() };
    if (moment === 'sent') return { sent: () => this.#child.kill() };
    await this.#child.kill();
    return 'drop';
  }

  /** The next process; it may be killed before it is ready. */
  async startAgain(isDying: () => boolean = () => false): Promise<void> {
    await this.#child.kill();
    this.#child = this.#next;
    this.#next = this.#another();
    await this.#child.ready().catch((error: unknown) => {
      if (!isDying()) throw error;
    });
  }

  /**
   * Does it to its end, by as many processes as it takes. Resolves with that end, the changes that counted until then, and the deaths that
   * did not come.
   */
  async run({ begin, deaths, from = () => true }: Course): Promise<{ end: Ticket; changes: number; left: number }> {
    const left = [...deaths];
    let [changes, last] = [0, 0];
    let [isDying, counts] = [false, false];
    this.judge((request) => {
      if (!isChange(request)) return 'pass';
      counts ||= from(request);
      if (!counts) return 'pass';
      changes += 1;
      const [next] = left;
      if (next === undefined || changes - last !== next.at) return 'pass';
      left.shift();
      last = changes;
      isDying = true;
      return this.die(next.moment);
    });
    const id = await begin();
    for (;;) {
      const end = await this.tickets.ended(id).catch((error: unknown) => {
        if (!isDying) throw error;
        return null;
      });
      if (end !== null) {
        this.judge(null);
        // It may have died right after the end.
        if (isDying) await this.startAgain();
        return { end: await this.tickets.ended(id), changes, left: left.length };
      }
      isDying = false;
      await this.startAgain(() => isDying);
    }
  }

  /** One release runs on each host, and comes up again with it; what is retired does not. */
  async expectPresent(release: number): Promise<void> {
    for (const host of this.stage.hosts) {
      const found = await containersOn(host);
      expect(found.filter((one) => !one.endsWith(' no'))).toEqual([`${release} always`]);
      expect(await ask(host.publish)).toBe(this.#words.get(release));
    }
    expect((await this.tickets.shown()).desired?.release).toBe(release);
  }

  async close(): Promise<void> {
    await Promise.all([this.#child.kill(), this.#next.kill()]);
    await this.stage.close();
  }
}
