import type { Clock } from '../clock.js';
import type { Engine } from '../engine/contract.js';
import { asSlipwayError } from '../errors.js';
import type { GitHost, RemoteRefs } from '../git/contract.js';
import type { Hosts } from '../hosts/contract.js';
import type { Environment } from '../model/environment.js';
import type { Registry } from '../registry/contract.js';
import { together } from '../together.js';

export interface Neighbours {
  readonly engine: Pick<Engine, 'ping'>;
  readonly registry: Pick<Registry, 'ping'>;
  readonly git: Pick<GitHost, 'mirror'>;
  /** Every repository that must be readable. */
  readonly repositories: readonly string[];
  /** Called with the references of each repository that answers. */
  readonly onRefs?: (repository: string, refs: RemoteRefs) => void;
  readonly hosts: Pick<Hosts, 'find'>;
  readonly environments: () => ReadonlyMap<string, Environment>;
  readonly clock: Clock;
}

/** What came of asking one neighbour. `message` is one line. */
export interface Reached {
  readonly name: 'engine' | 'registry' | 'git' | 'hosts';
  readonly ok: boolean;
  readonly message: string;
}

/** How long each answer may take. */
const PATIENCE_S = 10;
/** What was not asked by then is not asked. */
const MAX_ASKING_MS = 40_000;
/** Repositories or hosts that are asked for side by side, and that are named if they do not answer. */
const MAX_TOGETHER = 4;
const MAX_NAMED = 3;

/** Asks engine, registry, git for every repository, and the hosts of the environments, if there are any. Never fails. */
export async function askNeighbours(neighbours: Neighbours): Promise<readonly Reached[]> {
  const { engine, registry, clock } = neighbours;
  const ask = async (name: Reached['name'], work: () => Promise<unknown>): Promise<Reached> => {
    const fault = await faultOf(work, clock);
    return { name, ok: fault === null, message: fault === null ? reaching.done : `${reaching.failed}: ${fault}` };
  };
  const all = [ask('engine', () => engine.ping()), ask('registry', () => registry.ping()), askGit(neighbours)];
  return Promise.all(neighbours.environments().size === 0 ? all : [...all, askHosts(neighbours)]);
}

async function askGit({ git, repositories, onRefs, clock }: Neighbours): Promise<Reached> {
  const name = 'git';
  if (repositories.length === 0) return { name, ok: true, message: 'not asked: no service is configured' };
  const ask = async (its: string): Promise<void> => {
    const refs = await git.mirror(its).remote.refs();
    onRefs?.(its, refs);
  };
  return { name, ...(await askAll(repositories, { ...reaching, kinds: ['repository', 'repositories'] }, ask, clock)) };
}

async function askHosts({ hosts, environments, clock }: Neighbours): Promise<Reached> {
  const all = [...environments().values()].flatMap(({ name, hosts: its }) =>
    [...its.keys()].map((host) => `${name}/${host}`),
  );
  const ask = async (host: string): Promise<void> => {
    const [environment = '', name = ''] = host.split('/');
    await (await hosts.find(environment, name))?.ping();
  };
  return { name: 'hosts', ...(await askAll(all, { ...reaching, kinds: ['host', 'hosts'] }, ask, clock)) };
}

/** Asks the registry whether these images may be pushed, which leaves nothing there. Never fails. */
export function askPushes(
  images: readonly string[],
  { registry, clock }: { readonly registry: Pick<Registry, 'mayPush'>; readonly clock: Clock },
): Promise<Answer> {
  const words = { done: 'may be pushed', failed: 'cannot be pushed', kinds: ['image', 'images'] } as const;
  return askAll(images, words, (image) => registry.mayPush(image), clock);
}

type Answer = Pick<Reached, 'ok' | 'message'>;

interface Words {
  readonly done: string;
  readonly failed: string;
  readonly kinds: readonly [one: string, many: string];
}

const reaching = { done: 'reached', failed: 'cannot be reached' };

/** Asks several of a kind, and names some of those that do not answer. */
async function askAll(
  names: readonly string[],
  { done, failed, kinds: [one, many] }: Words,
  ask: (name: string) => Promise<void>,
  clock: Clock,
): Promise<Answer> {
  const total = names.length;
  const latest = clock.now() + MAX_ASKING_MS;
  const found = await together(names, MAX_TOGETHER, async (its) =>
    clock.now() < latest ? faultOf(() => ask(its), clock) : 'not asked, since the others took too long',
  );
  const faults = found.flatMap((fault, at) => (fault === null ? [] : [`${names[at]}: ${fault}`]));
  const kind = total === 1 ? one : many;
  if (faults.length === 0) return { ok: true, message: `${done} (${total} ${kind})` };
  const named = [...faults.slice(0, MAX_NAMED), ...(faults.length > MAX_NAMED ? ['…'] : [])].join('; ');
  return { ok: false, message: `${failed}: ${faults.length} of ${total} ${kind}: ${named}` };
}

/** Why the work failed, in one line, or null. */
async function faultOf(work: () => Promise<unknown>, clock: Clock): Promise<string | null> {
  const patience = new AbortController();
  const tooLate = clock.sleep(PATIENCE_S * 1000, patience.signal).then(() => `no answer in ${PATIENCE_S} seconds`);
  const answer = work().then(
    () => null,
    (thrown: unknown) => asSlipwayError(thrown).message.replaceAll(/\s*\n\s*/g, ' '),
  );
  return Promise.race([answer, tooLate]).finally(() => patience.abort());
}
