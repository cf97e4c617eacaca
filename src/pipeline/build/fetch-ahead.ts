import type { Build } from '../../model/build.js';
import type { BuildDeps } from './deps.js';
import { prepareContext } from '../../image/context/context.js';
import { argsOf } from '../../image/dockerfile/injected-args.js';
import { openPackaging } from '../../decide/packaging-reader.js';
import { readWithBases } from './recipe.js';

/** Fetches what a queued build reads into the mirror, so that it need not wait for the git host at its turn. */
export async function fetchAhead({ commit, branch, repository, service: name }: Build, deps: BuildDeps): Promise<void> {
  const service = deps.services().get(name);
  if (!service) return;
  const { remote, tree } = deps.git.mirror(repository);
  await remote.fetch([commit]);
  const reader = await openPackaging(deps);
  const packaging = await reader.found(service, commit);
  await reader.runFileTexts(service, commit);
  const buildArgs = argsOf(service, { branch, commit, versionTag: null });
  const { reading } = await readWithBases(packaging.text, { buildArgs, target: service.target }, deps);
  const { sources, asked } = reading;
  await prepareContext({ service, commit, tree, packaging, sources, asked, artifact: null }, deps.reading.context);
}
