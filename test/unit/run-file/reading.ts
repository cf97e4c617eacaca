import { readRunFile, type RunFile, type RunFileRequest } from '../../../src/run-file/run-file.js';
import type { Surroundings } from '../../../src/run-file/normalise.js';
import type { Allow, Variable } from '../../../src/model/run-file.js';

export const nothingAllowed: Allow = {
  privileged: false,
  hostNetwork: false,
  devices: [],
  capAdd: [],
  securityOpt: [],
  sysctls: [],
  binds: [],
};

/** Allows everything that the tests of other things use. */
export const muchAllowed: Allow = {
  privileged: true,
  hostNetwork: true,
  devices: ['/dev/fuse', '/dev/null', '/dev/zero'],
  capAdd: ['ALL'],
  securityOpt: ['no-new-privileges:true', 'label=disable', 'apparmor=unconfined'],
  sysctls: ['net.core.somaxconn', 'net.ipv4.ip_forward'],
  binds: ['/', '/run/docker.sock'],
};

export interface Given extends Partial<Omit<Surroundings, 'variables'>> {
  readonly overlay?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly allow?: Allow;
}

export function variablesOf({ variables = {}, secrets = {} }: Given): ReadonlyMap<string, Variable> {
  const of = (values: Readonly<Record<string, string>>, secret: boolean): [string, Variable][] =>
    Object.entries(values).map(([name, value]) => [name, { value, secret }]);
  return new Map([...of(variables, false), ...of(secrets, true)]);
}

export function requestFor(text: string | null, given: Given = {}): RunFileRequest {
  const { overlay, variables: _variables, secrets: _secrets, allow = muchAllowed, ...surroundings } = given;
  const source = (path: string, content: string) => ({ path, bytes: Buffer.from(content) });
  return {
    base: text === null ? null : source('compose.yaml', text),
    overlay: overlay === undefined ? null : source('compose.production.yaml', overlay),
    surroundings: {
      service: 'web',
      environment: 'production',
      repository: 'registry.example/abc/web',
      variables: variablesOf(given),
      defaults: { memory: null, nanoCpus: null, restart: null },
      balancer: false,
      ...surroundings,
    },
    allowance: { allow, setting: 'environments.production.allow' },
  };
}

/** Reads a run file as production would. */
export const reading = (text: string | null, given: Given = {}): RunFile => readRunFile(requestFor(text, given));

/** A run file with one service, of lines of YAML. */
export const service = (lines: string): string =>
  `services:\n  web:\n${lines
    .trim()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')}\n`;

/** The parameters that a service means; fails with the faults. */
export function parametersOf(text: string | null, given: Given = {}) {
  const { result, faults } = reading(text, given);
  expect(faults).toEqual([]);
  if (result === null) throw new Error('no parameters');
  return result.parameters;
}

/** `file:line:column message` of each fault. */
export const faultsOf = (text: string, given: Given = {}): readonly string[] =>
  reading(text, given).faults.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`);
