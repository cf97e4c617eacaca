import { parse } from 'yaml';
import { configJsonSchema } from '../../src/config/json-schema.js';
import { usualFiles } from '../../src/image/version/stated-version.js';
import { loadText } from '../support/write-config.js';
import { codeBlocks, documents, read, tableOf } from './markdown.js';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly default?: unknown;
  readonly description?: string;
}
const page = await read('docs/configuration.md');
const schema = configJsonSchema() as Schema;

/** Every setting below a schema by its dotted name, groups left out. `access.tokens` and `engine.tls` are explained as one. */
function settings({ properties = {} }: Schema, prefix = ''): readonly (readonly [string, Schema])[] {
  return Object.entries(properties).flatMap(([key, value]) => {
    const name = `${prefix}${key}`;
    const isGroup =
      value.properties !== undefined &&
      ![
        'defaults',
        'engine.tls',
        'version',
        'registry.pull',
        'github.app',
        'balancer',
        'allow',
        'deploy',
        'verify',
      ].includes(name);
    return isGroup ? settings(value, `${name}.`) : [[name, value] as const];
  });
}
const below = (its: Schema | undefined): Schema => Object.values(its?.patternProperties ?? {})[0] ?? {};
const service = below(schema.properties?.['services']);
const environment = below(schema.properties?.['environments']);
const { deploy } = service.properties ?? {};

describe.each([
  ['Server', settings(schema)],
  ['Services', settings(service)],
  ['Environments', settings(environment)],
  ['Deploying a service', settings(deploy ?? {})],
])('the table %s', (heading, known) => {
  const rows = tableOf(page, heading);

  test('has every setting of the JSON Schema once, and no other', () => {
    expect(rows.map(([name]) => name).sort()).toEqual(known.map(([name]) => `\`${name}\``).sort());
  });

  test('tells every default', () => {
    const wanted = known.flatMap(([name, { default: standard }]) => {
      if (standard === undefined) return [];
      return [[`\`${name}\``, Array.isArray(standard) ? `\`[${standard.join(', ')}]\`` : `\`${String(standard)}\``]];
    });
    const names = new Set(wanted.map(([name]) => name));
    const documented = rows.filter(([name]) => names.has(name)).map(([name, standard]) => [name, standard]);
    expect(documented.sort()).toEqual(wanted.sort());
  });
});

test.each([
  ['access.tokens', schema.properties?.['access']?.properties?.['tokens']?.items],
  ['engine.tls', schema.properties?.['engine']?.properties?.['tls']],
  ['registry.pull', schema.properties?.['registry']?.properties?.['pull']],
])('the row of %s names what is in it', (name, group) => {
  const row = tableOf(page, 'Server').find(([cell]) => cell === `\`${name}\``);
  for (const key of Object.keys(group?.properties ?? {})) expect(row?.[2]).toContain(`\`${key}\``);
});

test.each([
  ['hosts', 'Environments', below(environment.properties?.['hosts'])],
  ['balancer', 'Environments', environment.properties?.['balancer']],
  ['haproxy', 'Environments', environment.properties?.['balancer']?.properties?.['haproxy']],
  ['command', 'Environments', environment.properties?.['balancer']?.properties?.['command']],
  ['window', 'Environments', environment.properties?.['window']?.items],
  ['allow', 'Environments', environment.properties?.['allow']],
  ['defaults', 'Environments', environment.properties?.['defaults']],
  ['verify', 'Deploying a service', deploy?.properties?.['verify']],
])('what is in %s is named under %s', (_, heading, group) => {
  const [, text = ''] = new RegExp(`\\n## ${heading}\\n(.*?)\\n## `, 's').exec(page) ?? [];
  const keys = Object.keys(group?.properties ?? {});
  expect(keys.length).toBeGreaterThan(0);
  expect(keys.filter((key) => !text.includes(`\`${key}\``))).toEqual([]);
});

test('the sample shows every setting', async () => {
  const sample = await read('config/slipway.yaml');
  const names = [
    ...settings(schema),
    ...settings(service),
    ...settings(environment),
    ...settings(deploy ?? {}),
  ].flatMap(([name]) => name.split('.'));
  expect(names.filter((name) => !new RegExp(`(?<!\\w)${name}:`).test(sample))).toEqual([]);
});

test('what the sample has on deployments, in comments, loads without a fault', async () => {
  const sample = await read('config/slipway.yaml');
  const text = sample
    .replace(/^# environments:.*?\n\n/ms, (block) => block.replaceAll(/^# /gm, ''))
    .replaceAll(/^( +)# (- \{ name: qa|pull:|deploy:| {2}\w)/gm, '$1$2')
    .replace('path: ../dockerfiles', 'path: ./dockerfiles');
  const variables = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => [name, `the value of ${name}`]);
  const pem = { 'ca.pem': 'pem', 'cert.pem': 'pem', 'key.pem': 'pem' };
  const { loaded } = await loadText(text, Object.fromEntries(variables), pem);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  expect([...loaded.config.environments.keys()]).toEqual(['staging', 'production']);
  expect(loaded.config.registry.pull?.username).toBe('deploy');
  expect(loaded.config.services.get('java-service-1')?.deploy?.formerly).toBe('old-name');
});

test('the page and the schema name the usual files of a version in their order', () => {
  const version = service.properties?.['version']?.description ?? '';
  const [sentence = ''] = /the first of [^;]+ that states one/.exec(page) ?? [];
  expect([...sentence.matchAll(/`([^`]+)`/g)].map(([, name]) => name)).toEqual([...usualFiles, 'path']);
  expect(version).toContain(`Default: ${usualFiles.slice(0, -1).join(', ')} or ${usualFiles.at(-1)}.`);
});

const files = [...(await documents()), 'examples/jenkins/README.md'];
const examples = (
  await Promise.all(
    files.map(async (file) =>
      codeBlocks(await read(file))
        .filter(({ language, note }) => language === 'yaml' && !['registry', 'run-file'].includes(note))
        .map((block, index) => ({ place: `${file}, example ${index + 1}`, ...block })),
    ),
  )
).flat();

/** Variables whose values must have a form. */
const values: Readonly<Record<string, string>> = {
  NOTICE_SECRET: `whsec_${Buffer.alloc(32).toString('base64')}`,
  SLACK_WEBHOOK: 'https://hooks.abc.net/T/B/x',
};

/** What a fragment leaves out. */
const rest: Readonly<Record<string, string>> = {
  github: 'github: { webhookSecrets: [hook] }',
  registry: 'registry: { host: registry.abc.net }',
  services: 'services: { web: { repository: abc/web } }',
};

test.each(examples)('$place loads without a fault', async ({ text }) => {
  const given = Object.keys(parse(text) as object);
  const whole = [...Object.keys(rest).filter((key) => !given.includes(key)), ''].map((key) => rest[key] ?? '');
  const variables = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => [
    name,
    values[name] ?? `the value of ${name}`,
  ]);
  const pem = { 'ca.pem': 'pem', 'cert.pem': 'pem', 'key.pem': 'pem' };
  const { loaded } = await loadText(`${whole.join('\n')}\n${text}`, Object.fromEntries(variables), pem);
  expect(loaded.ok ? [] : loaded.faults).toEqual([]);
});

test('examples that are whole are marked by having no note', () => {
  const whole = examples.filter(({ note, place }) => note === '' && !/jenkins|explained/.test(place));
  for (const { text } of whole) expect(Object.keys(parse(text) as object)).toEqual(expect.arrayContaining(['github']));
  expect(whole.length).toBeGreaterThanOrEqual(2);
});

test('the registry that is shown is YAML', async () => {
  const block = codeBlocks(await read('docs/operations.md')).find(({ note }) => note === 'registry');
  expect(Object.keys(parse(block?.text ?? '') as object)).toEqual(['version', 'http', 'auth', 'storage']);
});
