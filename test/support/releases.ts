/** What a stage has released. */
import { said, type FakeStage } from './fake-stage.js';

export interface ReleaseRow {
  readonly number: number;
  readonly branch: string;
  readonly commit: string;
  readonly image: { readonly digest: string; readonly tags: readonly string[] };
  readonly runFile: {
    readonly source: string;
    readonly path: string | null;
    readonly commit: string | null;
    readonly overlays: readonly string[];
  };
  readonly buildId: string;
}

/** All releases, oldest first. */
export const releasesOf = async ({ slipway }: FakeStage, service = 'app') =>
  (await slipway.get<{ releases: ReleaseRow[] }>(`/api/v1/releases/${service}`)).releases.reverse();

/** Number, branch and path of the run file, oldest first. */
export const numbersOf = async (stage: FakeStage, service?: string) =>
  (await releasesOf(stage, service)).map(({ number, branch, runFile: { path } }) => `${number} ${branch} ${path}`);

export const coveringNumber = async ({ slipway }: FakeStage, commit: string, branch = 'main') =>
  (await slipway.running.store.releases.covering('app', branch, commit))?.number ?? null;

/** What the run file and its overlays hold. */
export const textsOf = async ({ slipway }: FakeStage, number: number, service = 'app') => {
  const { store } = slipway.running;
  const hash = (await store.releases.get(service, number))?.runFileHash ?? '';
  return (await store.releases.texts(hash))?.map(({ content }) => Buffer.from(content ?? '', 'base64').toString());
};

/** Pushes, and waits for what follows; resolves with what was decided. */
export async function pushed(stage: FakeStage, ...given: Parameters<FakeStage['push']>) {
  const rows = said(await stage.push(...given));
  await stage.slipway.quiet();
  return rows;
}
