import type { components } from '../../../ui/src/api/schema.js';
import type { Cli } from '../remote/cli.js';
import { ago, short, took } from '../remote/moment.js';
import { buildState, glyph, inColour, word } from '../remote/states.js';
import { facts, table } from '../remote/table.js';

export type Build = components['schemas']['Build'];

/** Builds as lines, newest first. */
export function buildsText(builds: readonly Build[], { terminal, now }: Cli): string {
  const rows = builds.map((build) => {
    const state = buildState(build);
    return [
      { text: `${glyph(state)} ${word(state)}`, paint: inColour(state, terminal.colours) },
      build.id,
      build.service,
      build.branch,
      build.image?.tags[0] ?? short(build.commit),
      took(build.startedAt, build.finishedAt),
      ago(build.queuedAt, now()),
      build.error?.message ?? build.waitingFor?.message ?? build.reason.message,
    ];
  });
  return table(['STATE', 'BUILD', 'SERVICE', 'BRANCH', 'IMAGE', 'TOOK', 'QUEUED', 'WHY'], rows, terminal);
}

/** One build with everything that a person asks first. */
export function buildText(build: Build, { terminal, now }: Cli): string {
  const state = buildState(build);
  const { colours } = terminal;
  const head = `${inColour(state, colours)(`${glyph(state)} ${build.service} · ${build.branch} · ${short(build.commit)}`)}  ${outcome(build)}\n`;
  const { image, error } = build;
  return (
    head +
    facts(
      [
        error === null ? null : ['Failed', `${error.message} (${error.code}, blame: ${error.blame})`],
        ['Why', build.reason.message],
        ['Asked by', [build.trigger.kind, build.trigger.by, build.trigger.deliveryId].filter(Boolean).join(', ')],
        image === null ? null : ['Image', image.tags.map((tag) => `${image.repository}:${tag}`).join('\n')],
        image === null ? null : ['Digest', image.digest],
        build.waitingFor ? ['Waits', build.waitingFor.message] : null,
        build.reusedFrom === null ? null : ['Reused', `the image of build ${build.reusedFrom}`],
        build.dockerfile === null ? null : ['Made with', `${build.dockerfile.path} (${build.dockerfile.source})`],
        build.steps.length === 0 ? null : ['Steps', stepsOf(build)],
        ['Queued', `${build.queuedAt}, ${ago(build.queuedAt, now())}`],
      ],
      terminal,
    )
  );
}

function outcome({ status, startedAt, finishedAt, image, steps, ...build }: Build): string {
  const time = took(startedAt, finishedAt);
  if (status === 'running') return `runs: ${steps.at(-1)?.name ?? 'it begins'}`;
  if (status === 'succeeded') return `${word(buildState({ status, ...build }))} ${image?.tags[0] ?? ''} in ${time}`;
  return `${word(status)}${time === '' ? '' : ` after ${time}`}`;
}

const stepsOf = ({ steps }: Build): string =>
  steps.map((step) => `${step.name}  ${step.cached ? 'cached' : took(step.startedAt, step.finishedAt)}`).join('\n');
