import { formats } from '../../config/formats.js';
import { printable } from '../../printable.js';
import { emitYaml, type Writable } from '../../run-file/emit-yaml.js';
import { githubCloneUrl } from './remote-name.js';
import { standsOn, type ProposedService } from './propose.js';
import { shown } from './regions.js';

/** What the configuration says beside its services. */
export interface Surroundings {
  /** Where people and GitHub reach the server, or null. */
  readonly publicUrl: string | null;
  readonly cloneUrl: string;
  /** `host[:port]`. */
  readonly registry: string;
}

/** A configuration with comments, which a server can start with. Secrets are variables in it. */
export function configText(services: readonly ProposedService[], around: Surroundings): string {
  const { publicUrl, cloneUrl, registry } = around;
  const hasRunFile = services.some(({ runFile }) => runFile !== null);
  return [
    '# Written by `slipway init`. `slipway check --config` names every fault of it, and `slipway doctor` what else is missing.',
    '# ${NAME} is the environment variable NAME, or the content of the file that NAME_FILE names.',
    '',
    'server:',
    '  listen: 127.0.0.1:8080',
    ...(publicUrl === null
      ? ['  # publicUrl: https://slipway.abc.net # where people and GitHub reach this server: links, and the webhook']
      : [`  publicUrl: ${value(publicUrl)} # links, and the webhook`]),
    '  dataDir: ./data # mirrors, logs, database; relative to this file',
    '',
    'access:',
    '  tokens:',
    '    - { name: me, token: "${SLIPWAY_TOKEN}", scopes: [admin] } # also: read, build, deploy',
    '',
    'github:',
    '  webhookSecrets: ["${GITHUB_WEBHOOK_SECRET}"]',
    ...(cloneUrl === githubCloneUrl ? [] : [`  cloneUrl: ${value(cloneUrl)}`]),
    '  # token: "${GITHUB_TOKEN}" # for private repositories, and to report commit statuses',
    '',
    'registry:',
    `  host: ${value(registry)} # prefix of image names`,
    '  # username: slipway',
    '  # password: "${REGISTRY_PASSWORD}"',
    '',
    ...(hasRunFile ? environments : []),
    '# What is built. Regions are what the Dockerfiles read, if their base images have no ONBUILD triggers.',
    '# `slipway check` warns once regions and a Dockerfile drift apart.',
    'services:',
    ...services.flatMap((service) => [...serviceLines(service, services, registry), '']),
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
}

const environments = [
  '# Where services run. Remove the # here, and at `deploy` of each service that runs there.',
  '# environments:',
  '#   staging:',
  '#     hosts:',
  '#       a: { engine: "unix:///var/run/docker.sock", address: 127.0.0.1 }',
  '',
];

function serviceLines(service: ProposedService, all: readonly ProposedService[], registry: string): readonly string[] {
  const { name, repository, path, context, dockerfile, isUsual, regions, runFile, branches } = service;
  const bases = standsOn(service, all, registry);
  const patterns = branches?.map((name) => (name === 'release/*' ? name : escapedBranch(name))) ?? [];
  const isWritable = patterns.length > 0 && patterns.every((text) => formats['branch-pattern'](text) === null);
  const settings: Record<string, Writable | undefined> = {
    repository,
    path: path === '' ? undefined : path,
    branches: isWritable ? patterns : undefined,
    context: context === path ? undefined : context || '.',
    dockerfile: isUsual ? undefined : dockerfile,
    includedRegions: regions.included ?? undefined,
    excludedRegions: regions.excluded.length === 0 ? undefined : regions.excluded,
  };
  const comments = [
    `${dockerfile}${regions.sentences.length === 0 ? '' : `: ${regions.sentences.join(' ')}`}`,
    ...(context === path ? [] : [`What it copies is in ${shown(context)}.`]),
    ...(bases.length === 0 ? [] : [`It stands on ${bases.join(', ')}, and is built again after a newer image of it.`]),
    ...(runFile === null ? [] : [`${runFile} says how it is run.`]),
  ];
  const lines = emitYaml({ [name]: escapedVariables(settings) })
    .trimEnd()
    .split('\n');
  return [
    ...comments.map((comment) => `  # ${printable(comment)}`),
    ...lines.map((line) => `  ${line}`),
    ...(runFile === null ? [] : ['    # deploy: { environments: [staging] }']),
  ];
}

/** What a glob would take for more than itself. Git allows no other such character in the name of a branch. */
const escapedBranch = (branch: string): string => branch.replace(/[(){}!+@]/g, '\\$&');

/** `${` in a text is no variable. */
const literal = (text: string): string => text.replaceAll('${', () => '$${');

function escapedVariables(
  settings: Readonly<Record<string, Writable | undefined>>,
): Record<string, Writable | undefined> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, its]) => [key, Array.isArray(its) ? its.map(escapedOne) : escapedOne(its)]),
  );
}

const escapedOne = <Some>(its: Some): Some | string => (typeof its === 'string' ? literal(its) : its);

/** One text of YAML, quoted. */
const value = (text: string): string => emitYaml({ text: literal(text) }).slice('text: '.length, -1);
