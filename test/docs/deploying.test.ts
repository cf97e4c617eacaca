import { Ajv } from 'ajv';
import { parse } from 'yaml';
import type { Allow } from '../../src/model/run-file.js';
import { deploymentStatuses } from '../../src/model/deployment.js';
import { keyReference } from '../../src/run-file/schema.js';
import { write } from '../../src/run-file/write.js';
import { openTestApp } from '../support/app.js';
import { openApi } from '../support/open-api.js';
import { configOf } from '../support/write-config.js';
import { nothingAllowed, reading } from '../unit/run-file/reading.js';
import { codeBlocks, read, tableOf } from './markdown.js';

const page = await read('docs/deploying.md');
const blocks = codeBlocks(page);

test('the reference has every key of run files, as the schema says it', () => {
  expect(tableOf(page, 'Reference')).toEqual(keyReference().map(({ path, about }) => [`\`${path}\``, about]));
});

/** What the script's successor asks for, and no other example. */
const allowed: Readonly<Record<string, Allow>> = {
  'java-service-1': { ...nothingAllowed, privileged: true, binds: ['/srv/java-service-1'] },
};
const runFiles = blocks
  .filter(({ language, note }) => language === 'yaml' && note === 'run-file')
  .map(({ text }) => {
    const [service = ''] = Object.keys((parse(text) as { readonly services: object }).services);
    return { service, text };
  });

const given = (service: string, text: string, overlay?: string) =>
  reading(text, {
    service,
    repository: `registry.abc.net/${service}`,
    variables: { DB_HOST: 'db1' },
    secrets: { DB_PASSWORD: 'a password' },
    allow: allowed[service] ?? nothingAllowed,
    ...(overlay !== undefined && { overlay }),
  });

test.each(runFiles)('the run file of $service has no fault, with what the page configures', ({ service, text }) => {
  const { faults, warnings } = given(service, text);
  expect({ faults, warnings: text.includes('@sha256:') ? [] : warnings }).toEqual({ faults: [], warnings: [] });
});

test('the effective file is that of the run file and its overlay', () => {
  const [base, overlay, effective] = runFiles.map(({ text }) => text);
  const { result } = given('shop', base ?? '', overlay);
  if (result === null) throw new Error('the run file has faults');
  const { parameters, verify } = result;
  const shown = parse(effective ?? '') as { readonly services: { readonly shop: { readonly image: string } } };
  const { image } = shown.services.shop;
  expect(shown).toEqual(parse(write(parameters, { service: 'shop', image, verify })));
});

test('the run file that is configured is allowed by the page', async () => {
  const fragment = blocks.find(({ note, text }) => note === 'fragment' && text.includes('java-service-1')) ?? null;
  const { services } = await configOf(
    `github: { webhookSecrets: [hook] }\nregistry: { host: registry.abc.net }\n${fragment?.text ?? ''}`,
    { PROD_DB_PASSWORD: 'a password' },
  );
  expect(services.get('java-service-1')?.deploy?.allow.get('production')).toMatchObject(
    allowed['java-service-1'] ?? {},
  );
});

const bodies = blocks
  .filter(({ language }) => language === 'sh')
  .flatMap(({ text }) => text.split('\n'))
  .flatMap((line) => {
    const [, url = '', body] = /"\$SLIPWAY(\/[^"?]*)" --json '(.*)'$/.exec(line) ?? [];
    return body === undefined ? [] : [{ url, body }];
  });

test.each(bodies)('$url takes $body', async ({ url, body }) => {
  const server = await openTestApp();
  const { paths } = await openApi(server);
  await server.close();
  const [, methods] = Object.entries(paths).find(([path]) => sameAddress(path, url)) ?? [];
  const { schema } = methods?.['post']?.requestBody?.content['application/json'] ?? {};
  const validate = new Ajv({ strict: false }).compile(schema ?? false);
  validate(JSON.parse(body));
  expect(validate.errors).toBeNull();
});

const sameAddress = (path: string, url: string): boolean =>
  new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(url);

test('there are such calls', () => {
  expect(bodies.length).toBeGreaterThan(3);
});

test('the table of statuses has every status, and so has the diagram', async () => {
  const documented = tableOf(page, 'What a deployment does').map(([status]) => status);
  expect(documented).toEqual(deploymentStatuses.map((status) => `\`${status}\``));
  const diagram = codeBlocks(await read('docs/architecture.md')).find(({ text }) => text.startsWith('stateDiagram'));
  const missing = deploymentStatuses.filter((status) => !diagram?.text.includes(status));
  expect(missing).toEqual([]);
});
