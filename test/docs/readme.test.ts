import { openApi, type OpenApi } from '../support/open-api.js';
import { openTestApp, type TestApp } from '../support/app.js';
import { codeBlocks, documents, read, tableOf } from './markdown.js';

const all = await Promise.all(
  [...(await documents()), 'examples/jenkins/README.md'].map(async (file) => ({ file, markdown: await read(file) })),
);
const readme = all[0]?.markdown ?? '';

/** The members of `ReasonCode`, which is a type and gone when the program runs. */
const reasonCodes = /export type ReasonCode =([\s\S]*?);/
  .exec(await read('src/model/decision.ts'))?.[1]
  ?.match(/(?<=')[\w-]+/g);

test('the table of decisions has every reason code once', () => {
  const documented = tableOf(readme, 'Decisions and reasons').map(([code]) => code);
  expect([...documented].sort()).toEqual((reasonCodes ?? []).map((code) => `\`${code}\``).sort());
});

test('what the table calls a build is one in the code, and so is a skip', async () => {
  const source = `${await read('src/decide/decide.ts')}${await read('src/decide/decide-tag.ts')}`;
  for (const [code = '', decision = ''] of tableOf(readme, 'Decisions and reasons')) {
    expect(source).toMatch(new RegExp(`\\b${decision}\\(\\s*'${code.replaceAll('`', '')}'`));
  }
});

describe.each([
  ['README.md', 'Commands'],
  ['docs/operations.md', 'Commands'],
])('the commands that %s tells of', (file, heading) => {
  test('are those of the command line, with their options', async () => {
    const usage = /usageText = `([\s\S]*?)`/.exec(await read('src/cli/local-usage.ts'))?.[1] ?? '';
    const documented = tableOf(await read(file), heading).map(([command = '']) => command);
    const name = (line: string) => /slipway (\w+)/.exec(line)?.[1] ?? '';
    expect(new Set(documented.map(name))).toEqual(new Set(usage.trim().split('\n').map(name)));
    const options = documented.flatMap((command) => command.match(/--[a-z]+/g) ?? []);
    expect(options.filter((option) => !usage.includes(option))).toEqual([]);
    expect(options).toEqual(expect.arrayContaining(['--against', '--range']));
  });
});

interface Call {
  readonly file: string;
  readonly method: string;
  readonly url: string;
}

/** The calls of a document's shell blocks. curl sends a POST where it is given something to send. */
function calls({ file, markdown }: { readonly file: string; readonly markdown: string }): readonly Call[] {
  const shell = codeBlocks(markdown).filter(({ language }) => language === 'sh');
  return shell.flatMap(({ text }) =>
    text
      .replaceAll('\\\n', ' ')
      .split('\n')
      // The tutorial also asks its registry and its container, which are no API of ours.
      .filter((line) => line.startsWith('curl') && (file !== 'docs/tutorial.md' || line.includes('$SLIPWAY/')))
      .map((line) => ({
        file,
        method: /-X (\w+)/.exec(line)?.[1] ?? (/ (-F|--json|--data|-d) /.test(line) ? 'POST' : 'GET'),
        url: /\$SLIPWAY(\/[^"?\s]*)/.exec(line)?.[1] ?? `no address in: ${line}`,
      })),
  );
}

describe('each call that is shown', () => {
  const shown = all.flatMap(calls);
  let server: TestApp;
  let document: OpenApi;
  beforeAll(async () => {
    server = await openTestApp();
    document = await openApi(server);
  });
  afterAll(() => server.close());

  test('there are some', () => {
    expect(shown.length).toBeGreaterThan(5);
  });

  test.each(shown)('$method $url of $file is in the OpenAPI document', ({ method, url }) => {
    const known = Object.entries(document.paths).filter(([path]) =>
      new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(url),
    );
    expect(known.flatMap(([, methods]) => Object.keys(methods))).toContain(method.toLowerCase());
  });
});

test('the decision that is shown has the form of the API', async () => {
  const server = await openTestApp();
  const { components } = await openApi(server);
  await server.close();
  const json = codeBlocks(readme).find(({ language }) => language === 'json')?.text ?? '{}';
  const schema = components.schemas['Decision'] as { readonly properties: object };
  expect(Object.keys(JSON.parse(json) as object)).toEqual(Object.keys(schema.properties));
});
