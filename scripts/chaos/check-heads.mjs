/** Checks that each branch of each service has the right image, or a right reason to have another. */
import { DEATHS_TO_SET_ASIDE } from './check-rest.mjs';
import { git } from './repositories.mjs';
import { counting, difference, isAllSkipped, truthAt } from './truth.mjs';
import { builtBranches, services } from './world.mjs';
import { readVersionTag } from './registry-gate.mjs';

const tagOf = (branch) => branch.replaceAll('/', '-');

export const placesOf = (repositories) =>
  Object.entries(services).flatMap(([name, { repository }]) => {
    const { heads } = repositories[repository];
    return builtBranches
      .filter((branch) => heads.has(branch))
      .map((branch) => ({ name, branch, head: heads.get(branch) }));
  });

/** What the API says of a branch of a service. */
async function stateOf(server, { name, branch }) {
  const { status, body } = await server.get(`/api/v1/services/${name}`);
  if (status !== 200) throw new Error(`GET /api/v1/services/${name}: ${status}`);
  return body.branches.find((one) => one.branch === branch) ?? { head: null, image: null, lastBuild: null };
}

/** The commit that an image covers, by the version tag that the API gives first. */
async function coveredBy(bare, image) {
  const parts = image === null ? null : readVersionTag(image.tags[0]);
  return parts === null ? null : git(bare, ['rev-parse', '--verify', parts.sha]).catch(() => null);
}

/** Why the image may be another than that of the head; null if it may not. `remedy` is what makes it right. */
async function excuseFor(context, place, { truth, state, plan }) {
  const { repositories, account } = context;
  const last = state.lastBuild;
  if (truth.waits) return plan === 'waiting-for-artifact' ? { code: 'waits for an artifact' } : null;
  if (truth.broken && last?.commit === place.head && last.status === 'failed') return { code: 'cannot be built' };
  const isCanceled = last?.status === 'canceled' && account.canceled.has(last.id);
  if (isCanceled && last.commit === place.head) return { code: 'canceled by hand', remedy: last.id };
  const isSetAside = last?.error?.code === 'crashed-repeatedly' && account.kills >= DEATHS_TO_SET_ASIDE;
  if (isSetAside && last.commit === place.head) return { code: 'set aside', remedy: last.id };
  const { bare } = repositories[services[place.name].repository];
  const covered = await coveredBy(bare, state.image);
  if (plan !== 'skip-ci' || covered === null) return null;
  return (await isAllSkipped(bare, covered, place.head)) ? { code: 'skip ci', covered } : null;
}

async function compare({ images, repositories, account }, place, commit) {
  const { name, branch } = place;
  const truth = await truthAt({ name, commit, repositories, artifacts: account.artifacts });
  const files = await images.files(name, tagOf(branch));
  const differs = difference(truth.files, files === null ? null : counting(name, files));
  return { truth, files, differs };
}

/** An image that stands on another service's holds that one's files. */
async function baseDiffers({ images }, { name }, files) {
  const { standsOn } = services[name];
  if (standsOn === undefined || files === null) return null;
  const base = counting(standsOn, (await images.files(standsOn, 'main')) ?? new Map());
  const found = new Map([...files].filter(([path]) => path.startsWith(services[standsOn].copied.to)));
  const differs = difference(base, found);
  return differs === null ? null : `its base is an old one: ${differs}`;
}

async function apiDiffers({ images }, { name, branch, head }, state) {
  if (state.head !== head) return `the API says that the head is ${state.head}, not ${head}`;
  const digest = await images.digest(name, tagOf(branch));
  if ((state.image?.digest ?? null) === digest) return null;
  return `the API says ${state.image?.digest}, the branch tag is ${digest}`;
}

async function checkPlace(context, place, plans) {
  const state = await stateOf(context.server, place);
  const plan = plans.get(`${place.name} ${place.branch}`);
  const { truth, files, differs } = await compare(context, place, place.head);
  const stale = (await baseDiffers(context, place, files)) ?? (await apiDiffers(context, place, state));
  if (differs === null && !truth.broken && !truth.waits) {
    if (stale === null)
      return plan?.startsWith('build') ? { wrong: `the plan would build: ${plan}` } : { code: 'right' };
  }
  const excuse = await excuseFor(context, place, { truth, state, plan });
  if (excuse === null) {
    const last = state.lastBuild;
    const said = last && `${last.status} ${last.error?.code ?? ''} of ${last.commit.slice(0, 7)}`;
    return {
      wrong: `${differs ?? stale ?? 'it is right, and cannot be'}; plan ${plan}; last build ${last?.id}: ${said}`,
    };
  }
  if (excuse.covered === undefined) return excuse;
  const older = await compare(context, place, excuse.covered);
  return older.differs === null
    ? excuse
    : { wrong: `skip ci, but the image is not that of ${excuse.covered}: ${older.differs}` };
}

/** What Slipway would decide now, by service and branch: the code of a skip, or `build` and the code. */
async function plansOf({ server }, places) {
  const plans = new Map();
  const asked = new Set(places.map(({ name, branch }) => `${services[name].repository} ${branch}`));
  for (const one of asked) {
    const [repository, branch] = one.split(' ');
    const { status, body } = await server.post('/api/v1/plan', { repository, branch });
    if (status !== 200) throw new Error(`plan of ${one}: ${status} ${JSON.stringify(body)}`);
    for (const { service, decision, reason } of body.decisions) {
      plans.set(`${service} ${branch}`, decision === 'skip' ? reason.code : `build ${reason.code}`);
    }
  }
  return plans;
}

/** Resolves with `counts` by what was found, `wrong` in words, and `remedies`: ids of builds to retry. */
export async function checkHeads(context) {
  const places = placesOf(context.repositories);
  const plans = await plansOf(context, places);
  const [counts, wrong, remedies] = [{}, [], []];
  for (const place of places) {
    const found = await checkPlace(context, place, plans);
    if (found.wrong !== undefined)
      wrong.push(`${place.name} ${place.branch} ${place.head.slice(0, 7)}: ${found.wrong}`);
    else counts[found.code] = (counts[found.code] ?? 0) + 1;
    if (found.remedy !== undefined) remedies.push(found.remedy);
  }
  return { checked: places.length, counts, wrong, remedies };
}

/** Every tag in the registry: a branch's, or a version tag that says its commit and has kept its digest. */
export async function checkTags({ images, repositories, registryGate }) {
  const wrong = [...registryGate.rewritten];
  let checked = 0;
  for (const [name, { repository, version }] of Object.entries(services)) {
    const { bare } = repositories[repository];
    for (const tag of await images.tags(name)) {
      checked += 1;
      const parts = readVersionTag(tag);
      if (parts === null) {
        if (!builtBranches.map(tagOf).includes(tag)) wrong.push(`${name}:${tag} is no tag of a configured branch`);
        continue;
      }
      const count = await git(bare, ['rev-list', '--count', parts.sha]).catch(() => 'no such commit');
      if (count !== String(parts.count)) wrong.push(`${name}:${tag}: the commit has the count ${count}`);
      const stated = (await git(bare, ['show', `${parts.sha}:${version}`]).catch(() => '')).trim();
      const expected = /^\d/.test(stated) ? stated : '0.0.0';
      if (parts.version !== expected) wrong.push(`${name}:${tag}: the version is ${expected}`);
      const digest = await images.digest(name, tag);
      const before = registryGate.written.get(`${name}:${tag}`);
      if (digest !== before) wrong.push(`${name}:${tag} is ${digest} and was written as ${before}`);
    }
  }
  return { checked, counts: { 'version tags written': registryGate.written.size }, wrong };
}
