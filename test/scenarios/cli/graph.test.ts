import { jest } from '@jest/globals';
import { useCli } from '../../support/cli.js';
import { TestSlipway } from '../../support/slipway.js';

jest.setTimeout(60_000);

const slipwayCli = useCli();

const host = 'registry.test:5000';
const opened: TestSlipway[] = [];
afterEach(() => Promise.all(opened.splice(0).map((slipway) => slipway.close())));

/** A configuration file with three services of one repository; nothing is started. */
async function configured(central: Record<string, string> = {}, ofBase: object = {}): Promise<TestSlipway> {
  const service = (name: string) => ({ repository: 'abc/app', path: name, branches: ['main'] });
  const services = {
    app: { ...service('app'), buildArgs: { TAG: 'main' } },
    base: { ...service('base'), ...ofBase },
    tools: service('tools'),
  };
  const slipway = await TestSlipway.create({ services, central, registryHost: host });
  opened.push(slipway);
  await slipway.writeConfig();
  return slipway;
}

const files = {
  'app/Dockerfile': `ARG TAG\nFROM ${host}/tools:1.0 AS tools\nFROM ${host}/base:$TAG\nCOPY --from=tools /t /t\n`,
  'base/Dockerfile': 'FROM scratch\n',
  'tools/Dockerfile': 'FROM scratch\n',
};

test('the graph is shown as a table, bases first, and as JSON', async () => {
  const slipway = await configured();
  await (await slipway.repo('abc/app')).commit({ files });
  const { code, stdout } = await slipwayCli('graph', '--config', slipway.configFile);
  expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['SERVICE', 'STANDS ON', 'IMAGE'],
    ['app (main)', 'base (main)', `${host}/base:main`],
    ['app (main)', 'tools', `${host}/tools:1.0`, 'the tag never moves'],
    [''],
  ]);
  expect(code).toBe(0);
  const json = JSON.parse((await slipwayCli('graph', '--config', slipway.configFile, '--json')).stdout) as object;
  expect(json).toMatchObject({
    services: [
      { name: 'base' },
      { name: 'tools' },
      { name: 'app', repository: 'abc/app', image: 'app', cascade: true },
    ],
    edges: [
      { service: 'app', branch: 'main', reference: `${host}/base:main`, base: 'base', baseBranch: 'main' },
      { service: 'app', branch: 'main', reference: `${host}/tools:1.0`, base: 'tools', baseBranch: null },
    ],
    cycles: [],
    faults: [],
  });
});

test('a circle is named in full and is a fault', async () => {
  const slipway = await configured();
  const repo = await slipway.repo('abc/app');
  await repo.commit({ files: { ...files, 'base/Dockerfile': `FROM ${host}/app:main\n` } });
  const { code, stdout } = await slipwayCli('graph', '--config', slipway.configFile);
  expect(stdout).toContain('circle: app (main) → base (main) → app (main)\n');
  expect(code).toBe(1);
});

test('a circle that the central dockerfiles make is a fault of the configuration', async () => {
  const slipway = await configured({
    'app/Dockerfile': `FROM ${host}/base:main\n`,
    'base/Dockerfile': `FROM ${host}/tools:main\n`,
    'tools/Dockerfile': `FROM ${host}/app:main\n`,
  });
  const { code, stderr } = await slipwayCli('check', '--config', slipway.configFile);
  expect(stderr).toBe(
    'services.app: its image stands on itself, by the central Dockerfiles: app (main) → base (main) → tools (main) → app (main)\n',
  );
  expect(code).toBe(1);
  await slipway.writeCentral('tools/Dockerfile', `FROM ${host}/app:1.0\n`);
  expect(await slipwayCli('check', '--config', slipway.configFile)).toMatchObject({ code: 0, stderr: '' });
});

test('a circle counts only over tags that a branch moves, its extra tags too', async () => {
  const central = { 'app/Dockerfile': `FROM ${host}/base:main\n`, 'base/Dockerfile': `FROM ${host}/app:main\n` };
  const fixed = await configured(central, { branchTag: false });
  expect(await slipwayCli('check', '--config', fixed.configFile)).toMatchObject({ code: 0, stderr: '' });
  const moving = await configured(
    { ...central, 'app/Dockerfile': `FROM ${host}/base:latest\n` },
    { branchTag: false, extraTags: { main: ['latest'] } },
  );
  const { code, stderr } = await slipwayCli('check', '--config', moving.configFile);
  expect([code, stderr]).toEqual([1, expect.stringContaining('app (main) → base (main) → app (main)')]);
});

test.each([
  [['check'], '--config is missing'],
  [['check', '--confg', 'x'], "Unknown option '--confg'"],
  [['graph', 'x', '--config', 'x'], 'I do not understand x.'],
])('wrong words are reported with the usage: %j', async (words, message) => {
  const { code, stderr } = await slipwayCli(...words);
  expect(stderr).toContain(message);
  expect(stderr).toContain('slipway serve --config FILE');
  expect(code).toBe(2);
});
