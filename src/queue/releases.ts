import type { Evaluation } from '../decide/evaluate.js';
import type { FoundRunFile } from '../image/packaging/run-file-search.js';
import type { KeptRunFile, NewRelease, RunFileText } from '../model/release.js';
import type { Store } from '../store/contract.js';

/** A release whose run file is found and not yet read. */
export interface ReleaseToMake extends Omit<NewRelease, 'runFile'> {
  readonly runFile: FoundRunFile;
  /** Null if a release has them already. */
  readonly texts: (() => Promise<readonly RunFileText[]>) | null;
}

type Deps = { readonly store: Pick<Store, 'releases'> };

/** What the head of a skip is released as. Null if no image covers it. */
export function releaseToMake({ decision, inputs, reliesOn, release }: Evaluation): ReleaseToMake | null {
  if (!release || reliesOn === null) return null;
  const { service, branch } = decision;
  const { image, runFile, isMade } = release;
  const texts = isMade ? null : release.texts;
  return { service, branch, commit: inputs.head, image, runFile, texts, buildId: reliesOn, ofHead: true };
}

/** Reads what the release's run file holds, unless the store has it. Fails as the git host does. */
export async function readRelease({ texts, ...release }: ReleaseToMake, deps: Deps): Promise<NewRelease> {
  return { ...release, runFile: await keptRunFile(release.runFile, texts, deps) };
}

/** A run file as its release keeps it. It is read unless the store has its texts. */
export async function keptRunFile(
  { source, path, commit, overlays, hash }: FoundRunFile,
  texts: ReleaseToMake['texts'],
  { store }: Deps,
): Promise<KeptRunFile> {
  const isKept = texts === null || (await store.releases.texts(hash)) !== null;
  return { source, path, commit, overlays, hash, texts: isKept ? null : await texts() };
}
