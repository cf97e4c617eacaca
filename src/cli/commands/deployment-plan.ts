import type { operations } from '../../../ui/src/api/schema.js';
import type { Cli } from '../remote/cli.js';
import { short } from '../remote/moment.js';
import { facts } from '../remote/table.js';

export type DeploymentPlan = Exclude<
  operations['requestDeployment']['responses'][200]['content']['application/json'],
  { readonly status: string }
>;

/** What a deployment would do, before anything happens. */
export function planText(plan: DeploymentPlan, { terminal }: Cli): string {
  const { service, environment, release, hosts, commits, gates, faults, warnings } = plan;
  return facts(
    [
      ['Deploys', `release ${release} of ${service} to ${environment}`],
      ['Hosts', hosts.map(hostOf).join('\n') || '–'],
      commits.length === 0
        ? null
        : ['Commits', commits.map(({ commit, subject }) => `${short(commit)} ${subject}`).join('\n')],
      gates.length === 0 ? null : ['Waits for', gates.map(({ message }) => message).join('\n')],
      faults.length === 0
        ? null
        : ['Faults', faults.map(({ file, line, message }) => `${file}:${line}: ${message}`).join('\n')],
      warnings.length === 0 ? null : ['Notes', warnings.join('\n')],
    ],
    terminal,
  );
}

function hostOf({ host, action, image, interruptionSeconds, parameters }: DeploymentPlan['hosts'][number]): string {
  const images = action === 'none' ? 'has it already' : `${shortImage(image.from)} → ${shortImage(image.to)}`;
  const changed = parameters.map(
    ({ name, from, to, secret }) => `\n  ${name}: ${secret ? '(changed, not shown)' : `${from ?? '–'} → ${to ?? '–'}`}`,
  );
  const gap =
    interruptionSeconds === null || interruptionSeconds === 0
      ? ''
      : `, nobody answers for about ${interruptionSeconds} s`;
  return `${host}: ${action}, ${images}${gap}${changed.join('')}`;
}

/** `sha256:` and 64 digits are more than a line bears. */
const shortImage = (image: string | null): string =>
  image?.replace(/(@sha256:[0-9a-f]{12})[0-9a-f]+$/, '$1') ?? 'nothing';
