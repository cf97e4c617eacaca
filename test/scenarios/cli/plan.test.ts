/** The decisions of a push, and what `check` says beside faults, as people see them. */
import { jest } from '@jest/globals';
import { planTable } from '../../../src/cli/text/plan-table.js';
import type { Decision } from '../../../src/model/decision.js';
import { useCli } from '../../support/cli.js';
import { useGitStage } from '../../support/fake-stage.js';

jest.setTimeout(90_000);

const cli = useCli();
const open = useGitStage();

const services = {
  web: { repository: 'abc/app', path: 'web' },
  'a-service-with-a-long-name': { repository: 'abc/app', path: 'api', includedRegions: ['api/src/**', 'api/lib/**'] },
};
const files = {
  'web/Dockerfile': 'FROM scratch\nCOPY . /\n',
  'api/Dockerfile': 'FROM scratch\nCOPY src pom.xml /\n',
  'api/src/a': '1',
  'api/pom.xml': '<project/>',
};
const warnings = [
  'The Dockerfile copies pom.xml, but api/pom.xml lies in no included region: changes there build nothing.',
  'The included region api/lib/** matches no file.',
].map((message) => ({ service: 'a-service-with-a-long-name', message }));

test('a plan is a table with reasons, paths and warnings, or JSON of the form that the API has', async () => {
  const stage = await open({ services });
  const base = await stage.repo.commit({ files });
  const head = await stage.repo.commit({ files: { 'web/a': '1', 'web/b': '1', 'web/c': '1' } });
  const words = ['plan', '--config', stage.slipway.configFile, '--repository', 'abc/app', '--branch', 'main'];
  const { stdout } = await cli(...words, '--base', base, '--head', head);
  expect(stdout).toBe(
    `       SERVICE                     REASON                    WHY
build  web                         included-path-changed     3 paths of the service changed: web/a (web/**) and 2 more.
                                                               web/a
                                                               web/b
                                                               web/c
skip   a-service-with-a-long-name  no-included-path-changed  3 paths changed, none of this service.
1 build, 1 skip
${warnings.map(({ service, message }) => `warning: ${service}: ${message}\n`).join('')}`,
  );
  const json = JSON.parse((await cli(...words, '--base', base, '--head', head, '--json')).stdout) as object;
  const api = await stage.slipway.post('/api/v1/plan', { repository: 'abc/app', branch: 'main', base, head });
  expect(json).toEqual(api.body);
  expect(json).toMatchObject({ decisions: [{ service: 'web', decision: 'build' }, { decision: 'skip' }], warnings });
});

test('check tells of drift at the heads that a server has decided on, and asks nobody where there is none', async () => {
  const stage = await open({ services });
  const words = ['check', '--config', stage.slipway.configFile] as const;
  const fine = `${stage.slipway.configFile}: 2 services, no faults\n`;
  expect(await cli(...words)).toEqual({ code: 0, stdout: fine, stderr: '' });
  await stage.begin(files);
  const { code, stdout } = await cli(...words);
  expect(stdout).toBe(fine + warnings.map(({ service, message }) => `warning: ${service}: ${message}\n`).join(''));
  expect(code).toBe(0);
});

test('check counts a single service as one', async () => {
  const stage = await open({ services: { web: { repository: 'abc/app' } } });
  const file = stage.slipway.configFile;
  expect((await cli('check', '--config', file)).stdout).toBe(`${file}: 1 service, no faults\n`);
});

test('many paths are cut, names cannot fake lines, and nothing is said in words', () => {
  const decision: Decision = {
    service: 'app',
    branch: 'main',
    decision: 'build',
    reason: {
      code: 'included-path-changed',
      message: '8 paths of the service changed: a\nskip  other and 7 more.',
      paths: ['a\nskip  other', 'b', 'c', 'd', 'e', 'f', 'g', 'h'],
      patterns: [],
    },
    base: null,
    head: null,
  };
  const lines = planTable({ decisions: [decision], warnings: [] }).split('\n');
  expect(lines[1]).toBe(
    'build  app      included-path-changed  8 paths of the service changed: a\\nskip  other and 7 more.',
  );
  expect(lines.slice(2).map((line) => line.trim())).toEqual([
    'a\\nskip  other',
    'b',
    'c',
    'd',
    'e',
    '…',
    '1 build, 0 skips',
    '',
  ]);
  expect(planTable({ decisions: [], warnings: [] })).toBe('No service is concerned.\n');
});
