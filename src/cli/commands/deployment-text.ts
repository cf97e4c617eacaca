import type { components } from '../../../ui/src/api/schema.js';
import type { Cli } from '../remote/cli.js';
import { ago, short, took } from '../remote/moment.js';
import { glyph, inColour, word } from '../remote/states.js';
import { facts } from '../remote/table.js';

export type Deployment = components['schemas']['Deployment'];

/** One deployment: how it ended or what it waits for. */
export function deploymentText(deployment: Deployment, { terminal, now }: Cli): string {
  const { status, service, environment, release, from, error, hosts, waitingFor, kind, warnings } = deployment;
  const title = `${glyph(status)} ${service} in ${environment}: ${kind} ${deployment.id}`;
  const time = took(deployment.startedAt, deployment.finishedAt);
  return (
    `${inColour(status, terminal.colours)(title)}  ${word(status)}${time === '' ? '' : ` after ${time}`}\n` +
    facts(
      [
        error === null ? null : ['Failed', `${error.message} (${error.code}, blame: ${error.blame})`],
        waitingFor === null ? null : ['Waits', waitingFor.message],
        release === null
          ? null
          : [
              'Release',
              `${release.number}: ${release.tag ?? release.digest}, ${release.branch} ${short(release.commit)}`,
            ],
        from === null ? null : ['Before', `${from.number}: ${from.tag ?? from.digest}`],
        ['Hosts', hosts.map(({ host, state }) => `${host} ${state}`).join(', ') || '–'],
        [
          'Asked by',
          [deployment.requestedBy, deployment.reference, deployment.reason].filter(Boolean).join(', ') +
            `, ${ago(deployment.createdAt, now())}`,
        ],
        warnings.length === 0 ? null : ['Notes', warnings.join('\n')],
      ],
      terminal,
    )
  );
}
