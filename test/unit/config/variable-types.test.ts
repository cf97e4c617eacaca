import { configOf, faultsOf, least } from '../../support/write-config.js';

const more = (text: string) => `${least}${text}\n`;

test('a number or truth value may come from a variable, with or without quotes', async () => {
  const text = more(`
engine:
  concurrency: \${BUILDS}
access: { anonymousRead: "\${OPEN}" }
limits: { freeDisk: "\${BYTES}", log: "\${SIZE}" }
sweep: "\${SWEEP}"
`);
  const variables = { BUILDS: '7', OPEN: 'true', BYTES: '1048576', SIZE: '2MiB', SWEEP: 'false' };
  expect(await configOf(text, variables)).toMatchObject({
    engine: { concurrency: 7 },
    access: { anonymousRead: true },
    limits: { freeDisk: 1_048_576, log: 2 * 1024 ** 2 },
    sweep: null,
  });
});

test('what is text stays as it is, be it all digits', async () => {
  const text = least.replace(
    'abc/web',
    'abc/web, target: "${A}", version: { value: "${B}" }, buildArgs: { C: "${C}", D: "${D}" }, reuse: "${E}"',
  );
  const { services } = await configOf(text, { A: '007', B: '1.10', C: '010', D: 'true', E: 'false' });
  expect(services.get('web')).toMatchObject({
    target: '007',
    version: { value: '1.10' },
    buildArgs: { C: '010', D: 'true' },
    reuse: false,
  });
});

test.each([
  ['engine: { concurrency: "${N}" }', 'many', 'engine.concurrency: must be a whole number'],
  ['engine: { concurrency: "${N}" }', '0', 'engine.concurrency: must be at least 1'],
  ['engine: { concurrency: "${N}" }', '1.5', 'engine.concurrency: must be a whole number'],
  ['engine: { concurrency: "2${N}" }', '0', 'engine.concurrency: must be a whole number'],
  ['engine: { concurrency: "2" }', '', 'engine.concurrency: must be a whole number'],
  ['registry: { host: registry.abc.net, insecure: "${N}" }', 'yes', 'registry.insecure: must be true or false'],
])('%s with %j is reported like any other fault', async (setting, value, fault) => {
  const text = setting.startsWith('registry') ? least.replace(/registry: .*/, setting) : more(setting);
  expect(await faultsOf(text, { N: value })).toEqual([fault]);
});
