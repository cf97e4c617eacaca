import type { RemoteRefs } from '../../git/contract.js';
import type { Look } from '../../model/look.js';
import type { Service } from '../../model/service.js';
import type { Trigger } from '../../model/trigger.js';
import { SlipwayError } from '../../errors.js';
import type { FoundRef } from './found-ref.js';
import type { LookRoles } from './roles.js';
import { cancelQueued } from '../../queue/cancel.js';
import type { LookDeps } from './deps.js';
import { branchRef, formatRef, fullRefName, isTag, type Ref } from '../../git-ref.js';
import { usersOf } from '../../image/packaging/neighbours.js';
import { createTurns } from '../../in-turns.js';

/** One service and ref to decide on, at a commit that the host shows. */
export interface Target {
  readonly service: Service;
  readonly ref: Ref;
  /** The name that rows use; see `formatRef`. */
  readonly branch: string;
  readonly head: string;
  readonly trigger: Trigger;
  /** Looked at because of the central dockerfiles. Skipped if they are not in force. */
  readonly viaCentral: boolean;
}

export const targetOf = (service: Service, ref: Ref, head: string, trigger: Trigger): Target => ({
  service,
  ref,
  branch: formatRef(ref),
  head,
  trigger,
  viaCentral: false,
});

/** The services and refs that a look covers. A branch or tag that the host does not have needs no images: its queued builds are canceled. */
export async function targetsOf(
  look: Look,
  found: FoundRef | null,
  roles: LookRoles,
  refs: RemoteRefs,
  deps: LookDeps,
): Promise<readonly Target[]> {
  if (found && found.ref === null) return [];
  const ref = found && found.ref;
  const each = roles.application.map((service) => applicationTargets(look, ref, service, refs, deps));
  const own = (await Promise.all(each)).flat();
  const central = roles.central && found?.tip !== null ? await centralTargets(look, refs, deps) : [];
  // One repository may hold services and the central dockerfiles. The push's own target is decided once.
  const isOwn = ({ service, branch }: Target) => own.some((it) => it.service === service && it.branch === branch);
  return [...own, ...central.filter((target) => !isOwn(target))];
}

/** `ref`: null for every known branch. */
async function applicationTargets(
  look: Look,
  ref: Ref | null,
  service: Service,
  refs: RemoteRefs,
  deps: LookDeps,
): Promise<readonly Target[]> {
  const { trigger } = look;
  if (ref?.kind === 'tag') {
    const head = refs.tags.get(ref.name);
    if (head !== undefined) return [targetOf(service, ref, head, trigger)];
    await cancelQueued({ service: service.name, branch: formatRef(ref) }, deps);
    return [];
  }
  const names = ref ? [ref.name] : await knownBranches(service, deps);
  const targets: Target[] = [];
  for (const branch of names) {
    const tip = refs.heads.get(branch);
    if (tip === undefined) await cancelQueued({ service: service.name, branch }, deps);
    else targets.push(targetOf(service, branchRef(branch), await headFor(look, service, tip, deps), trigger));
  }
  return targets;
}

/** Branches for a look that names none: those configured literally, and other matching ones that were pushed. */
async function knownBranches(service: Service, { store }: LookDeps): Promise<readonly string[]> {
  const decided = await store.decisions.branches(service.name);
  const pushed = decided.filter((name) => !isTag(name) && service.branches.some((it) => it.matches(name)));
  return [...new Set([...service.literalBranches, ...pushed])];
}

/** `builds: every-push` decides on the pushed commit, any other service on the tip. */
async function headFor(look: Look, service: Service, tip: string, { git }: LookDeps): Promise<string> {
  if (service.builds !== 'every-push' || look.after === null || look.after === tip) return tip;
  const mirror = git.mirror(service.repository);
  await mirror.remote.fetch([look.after, tip]);
  return (await mirror.history.has(look.after)) ? look.after : tip;
}

/** A push to the central dockerfiles covers every service that uses a changed folder, on all known branches. */
async function centralTargets(look: Look, refs: RemoteRefs, deps: LookDeps): Promise<readonly Target[]> {
  const branch = deps.centralDockerfiles()?.branch ?? refs.defaultBranch;
  if (look.ref !== null && (branch === null || look.ref !== fullRefName(branchRef(branch)))) return [];
  const touched = await touchedFolders(look, deps);
  const all = [...deps.services().values()];
  const services =
    touched === null ? all : await usersOf(touched, all, await deps.central().current(), deps.reading.dockerfile);
  const trigger = { ...look.trigger, kind: 'packaging' } as const;
  const targets: Target[] = [];
  for (const [repository, members] of byRepository(services)) {
    const names = members.map(({ name }) => name);
    const own: Look = { ...look, trigger, repository, services: names, ref: null, before: null, after: null };
    const found = await ofRepository(own, members, deps);
    targets.push(...found.map((target) => ({ ...target, viaCentral: true })));
  }
  return targets;
}

/** An application repository that cannot be reached gets its own look, so that it delays nobody else. */
async function ofRepository(look: Look, services: readonly Service[], deps: LookDeps): Promise<readonly Target[]> {
  const { git, store, clock, events, log } = deps;
  try {
    const refs = await git.mirror(look.repository).remote.refs();
    return (await Promise.all(services.map((service) => applicationTargets(look, null, service, refs, deps)))).flat();
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    log.warn({ repository: look.repository, code: error.code }, `could not look now: ${error.message}`);
    if (error.retryable) await store.looks.add({ ...look, attempt: 0, dueAt: clock.now() + 1_000 });
    events.publish({ type: 'look' });
    return [];
  }
}

/** Top-level folders that the push changed. Null (all of them) if that cannot be known. */
async function touchedFolders(
  { repository, before, after }: Look,
  { git }: LookDeps,
): Promise<ReadonlySet<string> | null> {
  if (before === null || after === null) return null;
  const { remote, history } = git.mirror(repository);
  await remote.fetch([before, after].filter((commit) => !/^0+$/.test(commit)));
  if (!(await history.has(before)) || !(await history.has(after))) return null;
  return topFolders(await history.changedPaths(before, after));
}

/** What the paths begin with. A push may change a million of them. */
export async function topFolders(paths: readonly string[]): Promise<ReadonlySet<string>> {
  const nextTurn = createTurns();
  const folders = new Set<string>();
  for (const path of paths) {
    const slash = path.indexOf('/');
    folders.add(slash < 0 ? path : path.slice(0, slash));
    const turn = nextTurn();
    if (turn) await turn;
  }
  return folders;
}

function byRepository(services: readonly Service[]): ReadonlyMap<string, readonly Service[]> {
  const groups = new Map<string, Service[]>();
  for (const service of services) groups.set(service.repository, [...(groups.get(service.repository) ?? []), service]);
  return groups;
}
