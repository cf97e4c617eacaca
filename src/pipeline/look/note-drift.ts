import { createHash } from 'node:crypto';
import type { CommitOfBranch } from '../../decide/drift-warnings.js';
import type { PackagingReader } from '../../decide/packaging-reader.js';
import { regionRules } from '../../decide/region-rules.js';
import type { RemoteRefs } from '../../git/contract.js';
import type { Service } from '../../model/service.js';
import type { RegionDrift, RegionDriftOf } from '../../store/contract.js';
import type { LookDeps } from './deps.js';
import { findByNames } from './find-by-names.js';

type At = CommitOfBranch & { readonly service: Service };

/** Finds region drift of a branch and stores it, unless nothing that it depends on has changed since it was stored last. */
export async function lookForDrift(at: At, packaging: PackagingReader, deps: LookDeps): Promise<void> {
  const { service, branch } = at;
  const subject = await subjectOf(at, packaging);
  if (deps.drift.noted(service.name, branch)?.subject === subject) return;
  const { drift } = await findByNames(service, at, 'drift', packaging, deps);
  await noteDrift(at, drift, packaging, deps);
}

/** Stores what was found on a branch. What is stored already is not written again. */
export async function noteDrift(
  at: At,
  drift: readonly RegionDrift[],
  packaging: PackagingReader,
  { store, drift: memory }: LookDeps,
): Promise<void> {
  const { service, branch, commit } = at;
  const { name } = service;
  const rules = regionRules(service);
  const found = digestOf({ rules, drift });
  const known = memory.noted(name, branch)?.found ?? (await stored(name, branch, store));
  if (known !== found) await store.regionDrifts.note({ service: name, branch, commit, rules, drift });
  memory.note(name, branch, { subject: await subjectOf(at, packaging), found });
}

/** Forgets region drift of branches that the repository no longer has. */
export async function forgetGoneDrift(
  services: readonly Service[],
  { heads }: Pick<RemoteRefs, 'heads'>,
  { store, drift: memory }: Pick<LookDeps, 'store' | 'drift'>,
): Promise<void> {
  const names = new Set(services.map(({ name }) => name));
  const all = await store.regionDrifts.all();
  const gone = all.filter(({ service, branch }) => names.has(service) && !heads.has(branch));
  for (const row of gone) {
    await store.regionDrifts.note({ ...row, drift: [] });
    memory.note(row.service, row.branch, null);
  }
}

/** What region drift is found from, but for the names of files, which are the commit's. */
async function subjectOf({ service, commit, branch }: At, packaging: PackagingReader): Promise<string> {
  const { key, reads } = await packaging.at(service, commit, branch);
  return digest(JSON.stringify([regionRules(service), commit, key, reads?.sources, reads?.wholeBecause]));
}

async function stored(service: string, branch: string, { regionDrifts }: LookDeps['store']): Promise<string> {
  const row = (await regionDrifts.of(service)).find((one) => one.branch === branch);
  return digestOf(row ?? { rules: '', drift: [] });
}

/** Nothing found is the same under all rules. */
const digestOf = ({ rules, drift }: Pick<RegionDriftOf, 'rules' | 'drift'>): string =>
  digest(drift.length === 0 ? '' : JSON.stringify([rules, drift]));

const digest = (text: string): string => createHash('sha256').update(text).digest('base64');
