/**
 * Random run files with random overlays, read by Compose and by us. From a fresh seed each time, which is printed:
 * `COMPOSE_SEED=… COMPOSE_CASES=2000 npm run jest -- compose/random` repeats it, or does more of it.
 */
import { jest } from '@jest/globals';
import fc from 'fast-check';
import { readRunFile } from '../../../src/run-file/run-file.js';
import { write } from '../../../src/run-file/write.js';
import { composeConfig, type ComposeProject } from '../../support/compose.js';
import { mergedByUs } from '../../support/compose-files.js';
import {
  fileOf,
  randomSecrets,
  randomService,
  randomTags,
  randomVariables,
  serviceText,
} from '../../support/random-run-file.js';
import { requestFor, variablesOf } from '../../unit/run-file/reading.js';

const cases = Number(process.env['COMPOSE_CASES'] ?? 300);
const seed = Number(process.env['COMPOSE_SEED'] ?? Date.now() % 1_000_000_000);
/** Each effective file needs a process of its own. */
const writtenCases = Math.min(cases, 20);

jest.setTimeout(Math.max(120_000, cases * 200));

const given = { variables: randomVariables, secrets: randomSecrets };
const variables = { ...randomVariables, ...randomSecrets };

const drawn = fc.sample(fc.tuple(randomService('base'), randomService('overlay'), randomTags), {
  numRuns: cases,
  seed,
});
const texts = drawn.map(([base, overlay, tags]) => ({
  base: serviceText({ image: 'abc/web', ...base }),
  overlay: serviceText(overlay, tags),
}));
/** Cases that share a file. */
const SHARED_CASES = 50;
type Services = ComposeProject['services'];

const project = async (files: readonly string[]): Promise<ComposeProject> => {
  const answer = await composeConfig(files, variables);
  if ('error' in answer) throw new Error(answer.error);
  return answer.project;
};

/** The services that Compose makes of all cases. `filesOf`: the files of some of them. */
async function readByCompose(filesOf: (base: string, overlay: string) => readonly string[]): Promise<Services> {
  const found: Record<string, Readonly<Record<string, unknown>>> = {};
  for (let from = 0; from < texts.length; from += SHARED_CASES) {
    const some = texts.slice(from, from + SHARED_CASES);
    const side = (name: 'base' | 'overlay') =>
      fileOf(Object.fromEntries(some.map((text, at) => [`s${from + at}`, text[name]])));
    Object.assign(found, (await project(filesOf(side('base'), side('overlay')))).services);
  }
  return found;
}

const compose = await readByCompose((base, overlay) => [base, overlay]);

/** A service as Compose printed it, without the networks that Compose adds. */
function asRunFile(service: Readonly<Record<string, unknown>>, volumes: unknown): string {
  const { networks: _networks, ...rest } = service;
  return JSON.stringify({ services: { web: rest }, volumes });
}

const parametersFor = (text: string, overlay?: string) => {
  const { result, faults } = readRunFile(requestFor(text, { ...given, ...(overlay !== undefined && { overlay }) }));
  return { parameters: result?.parameters, faults };
};

test(`${cases} merges from seed ${seed} mean to Compose what they mean to us`, async () => {
  const ours = await readByCompose((base, overlay) => {
    const merged = mergedByUs([base, overlay], variablesOf(given));
    expect(merged).toHaveProperty('text');
    return ['text' in merged ? merged.text : ''];
  });
  for (const [at, text] of texts.entries()) {
    expect({ ...text, result: ours[`s${at}`] }).toEqual({ ...text, result: compose[`s${at}`] });
  }
});

test(`what Compose prints for ${cases} merges from seed ${seed} has the same parameters`, () => {
  const volumes = { data: {}, extra: { external: true } };
  for (const [at, { base, overlay }] of texts.entries()) {
    const printed = parametersFor(asRunFile(compose[`s${at}`] ?? {}, volumes));
    const own = parametersFor(fileOf({ web: base }), fileOf({ web: overlay }));
    expect({ base, overlay, ...withoutSecrecy(printed) }).toEqual({ base, overlay, ...withoutSecrecy(own) });
  }
});

/** What Compose printed has the secrets as plain text. Lines and columns differ too. */
function withoutSecrecy({ parameters, faults }: ReturnType<typeof parametersFor>) {
  const environment = Object.entries(parameters?.environment ?? {}).map(([name, { value }]) => [name, value]);
  return { parameters: { ...parameters, environment }, faults: faults.map(({ message }) => message) };
}

test(`Compose reads ${writtenCases} effective files from seed ${seed} as they were meant`, async () => {
  for (const { base, overlay } of texts.slice(0, writtenCases)) {
    const own = parametersFor(fileOf({ web: base }), fileOf({ web: overlay }));
    if (own.parameters === undefined) continue;
    const text = write(own.parameters, { service: 'web', image: `abc/web@sha256:${'0'.repeat(64)}`, verify: null });
    const printed = await project([text]);
    const volumes = printed.volumes ?? {};
    const again = parametersFor(asRunFile(printed.services['web'] ?? {}, volumes));
    expect({ text, ...withoutSecrecy(again) }).toEqual({ text, ...withoutSecrecy(own) });
  }
});
