import type { Build } from '../../../model/build.js';
import type { Deployment } from '../../../model/deployment.js';
import { printable } from '../../../printable.js';
import type { Drift } from '../outbox/receiver.js';
import type { Cause } from './cause.js';
import type { BuildEvent } from './wishes.js';

/** What is sent to people: one sentence first, then facts. */
export interface Message {
  /** The type of the event in an outgoing webhook. */
  readonly type: string;
  /** One line. */
  readonly title: string;
  readonly lines: readonly string[];
  /** Path of the page that explains it. */
  readonly path: string;
  /** The event's data in an outgoing webhook. */
  readonly data: object;
}

/** Builds that a message has lines and data of. It says how many there are. */
const MAX_BUILDS = 20;
const MAX_CHARACTERS = 300;

const words: Readonly<Record<BuildEvent, { readonly glyph: string; readonly word: string }>> = {
  failed: { glyph: '✕', word: 'failed' },
  recovered: { glyph: '✓', word: 'builds again' },
  succeeded: { glyph: '✓', word: 'was built' },
  canceled: { glyph: '⊘', word: 'was canceled' },
};

const severalWords: Readonly<Record<BuildEvent, string>> = {
  failed: 'failed',
  recovered: 'build again',
  succeeded: 'were built',
  canceled: 'were canceled',
};

/** Of builds that one cause led to; there is at least one. */
export function buildMessage(
  event: BuildEvent,
  builds: readonly [Build, ...Build[]],
  cause: Cause,
  render: (build: Build) => object,
): Message {
  const [first] = builds;
  const { glyph, word } = words[event];
  const isOne = builds.length === 1;
  const title = isOne
    ? `${glyph} ${first.service} ${word} on ${first.branch}`
    : `${glyph} ${builds.length} services ${severalWords[event]} ${cause.words}`;
  const shown = builds.slice(0, MAX_BUILDS);
  const rest = builds.length - shown.length;
  return {
    type: `build.${event}`,
    title: line(title),
    lines: [
      ...shown.map((build) =>
        line(isOne ? sentenceOf(build) : `${build.service} (${build.branch}): ${sentenceOf(build)}`),
      ),
      ...(rest > 0 ? [`… and ${rest} more.`] : []),
      ...(isOne ? [line(`Commit ${first.commit.slice(0, 7)} of ${first.repository}, ${cause.words}.`)] : []),
    ],
    path: isOne ? `/builds/${first.id}` : `/builds`,
    data: { count: builds.length, cause: dataOf(cause), builds: shown.map((build) => render(build)) },
  };
}

const dataOf = ({ kind, deliveryId, buildId }: Cause) => ({ kind, deliveryId, buildId });

function sentenceOf({ error, image, reason }: Build): string {
  if (error !== null) return `${error.step === null ? '' : `${error.step}: `}${error.message} (${error.blame})`;
  return image === null ? reason.message : `${image.repository}:${image.tags[0] ?? image.digest}. ${reason.message}`;
}

/** Of a deployment that has ended. */
export function deploymentMessage(deployment: Deployment, render: (deployment: Deployment) => object): Message {
  const { id, service, environment, status, release, error, requester, reason } = deployment;
  const version = release?.tag ?? (release === null ? '' : `release ${release.number}`);
  const what = `${service} ${version}`.trim();
  const titles: Partial<Record<Deployment['status'], string>> = {
    succeeded: `✓ ${what} runs in ${environment}`,
    failed: `✕ ${what} was not deployed in ${environment}`,
    'rolled-back': `↶ ${what} was rolled back in ${environment}`,
    canceled: `⊘ The deployment of ${what} in ${environment} was canceled`,
  };
  return {
    type: `deployment.${status}`,
    title: line(titles[status] ?? `${what} in ${environment}: ${status}`),
    lines: [
      ...(error === null
        ? []
        : [line(`${error.host === null ? '' : `${error.host}: `}${error.message} (${error.blame})`)]),
      line(`Asked for by ${requester.by}${reason === null ? '' : `: ${reason}`}.`),
    ],
    path: `/deployments/${id}`,
    data: { deployment: render(deployment) },
  };
}

/** Of services that have drifted in one environment, or have not any more; there is at least one. */
export function driftMessage(environment: string, drifts: readonly Drift[]): Message {
  const began = drifts.filter(({ hosts }) => hosts.length > 0);
  const names = (began.length > 0 ? began : drifts).map(({ service }) => service).join(', ');
  const title =
    began.length > 0 ? `≠ Drift in ${environment}: ${names}` : `✓ No more drift in ${environment}: ${names}`;
  return {
    type: began.length > 0 ? 'drift.began' : 'drift.ended',
    title: line(title),
    lines: drifts.map(({ service, hosts }) =>
      line(
        hosts.length === 0
          ? `${service} runs as it should again.`
          : `${service} does not run as it should on ${hosts.join(', ')}.`,
      ),
    ),
    path: `/environments/${encodeURIComponent(environment)}`,
    data: { environment, services: drifts.map(({ service, hosts }) => ({ service, hosts })) },
  };
}

/** One line of text from outside, without what would turn or hide it. */
function line(text: string): string {
  const characters = [...printable(text.replace(/\s+/g, ' ').trim())];
  return characters.length <= MAX_CHARACTERS
    ? characters.join('')
    : `${characters.slice(0, MAX_CHARACTERS - 1).join('')}…`;
}
