import fc from 'fast-check';
import { write } from '../../../src/run-file/write.js';
import {
  fileOf,
  randomSecrets,
  randomService,
  randomTags,
  randomVariables,
  serviceText,
} from '../../support/random-run-file.js';
import { parametersOf, reading, service } from './reading.js';

const image = `registry.example/abc/web@sha256:${'0'.repeat(64)}`;
const given = { variables: randomVariables, secrets: randomSecrets };

test('the effective file has the digest, the defaults, and secrets as variables', () => {
  const text = `${service('image: abc/web\nenvironment: {URL: "db:$PASSWORD$$", A: plain}\nports: ["80:80"]\nvolumes: ["data:/d", "/a:/b:ro"]\nx-slipway: {verify: {path: /v}}')}volumes: {data: }\n`;
  const { result } = reading(text, { secrets: { PASSWORD: 's3cret' } });
  const written = result === null ? '' : write(result.parameters, { service: 'web', image, verify: result.verify });
  expect(written).toBe(`services:
  web:
    image: "${image}"
    environment:
      A: "plain"
      URL: "db:\${PASSWORD}$$"
    init: true
    restart: "always"
    stop_grace_period: "10s"
    logging:
      driver: "json-file"
      options:
        max-file: "3"
        max-size: "10m"
    ports:
      - "80:80/tcp"
    network_mode: "bridge"
    volumes:
      - type: "bind"
        source: "/a"
        target: "/b"
        read_only: true
        bind:
          create_host_path: false
      - type: "volume"
        source: "web.production.data"
        target: "/d"
    mem_limit: "8g"
    memswap_limit: "8g"
    x-slipway:
      verify:
        path: "/v"
volumes:
  "web.production.data":
    name: "web.production.data"
`);
});

test('an effective file read again means the same parameters, and shows no secret', () => {
  fc.assert(
    fc.property(randomService('base'), randomService('overlay'), randomTags, (base, overlay, tags) => {
      const { result } = reading(fileOf({ web: serviceText(base) }), {
        ...given,
        overlay: fileOf({ web: serviceText(overlay, tags) }),
      });
      fc.pre(result !== null);
      const written = write(result.parameters, { service: 'web', image, verify: result.verify });
      expect(written).not.toContain('s3cret');
      // Plain variables are written out, so the secrets are enough.
      expect(parametersOf(written, { secrets: randomSecrets })).toEqual(result.parameters);
    }),
    { numRuns: 150 },
  );
});

/** The same value with the keys of all mappings in another order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, one]) => [key, reversed(one)]),
  );
}

test('the order of keys does not matter', () => {
  fc.assert(
    fc.property(randomService('base'), (base) => {
      const [one, other] = [base, reversed(base) as typeof base].map((each) =>
        reading(fileOf({ web: serviceText(each) }), given),
      );
      expect(other?.result?.parameters).toEqual(one?.result?.parameters);
      expect(JSON.stringify(other?.result?.parameters)).toBe(JSON.stringify(one?.result?.parameters));
    }),
    { numRuns: 100 },
  );
});

test('odd texts survive', () => {
  const odd = [
    'no',
    '0777',
    '2001-01-01',
    ' a ',
    '#',
    '"',
    "'",
    '\\',
    'a\nb',
    '\u2028',
    '\u0085',
    '\u001b[0m',
    '$$',
    '${X}',
    ': ',
    '- ',
    'ü😀',
    '~',
    '&a',
    '*a',
    '!x',
  ];
  const environment = Object.fromEntries(odd.map((text, at) => [`V${at}`, text.replaceAll('$', () => '$$')]));
  const keys = Object.fromEntries(['on', '1', 'null', 'a:b', '"'].map((name) => [name, 'x']));
  const parameters = parametersOf(
    JSON.stringify({
      services: {
        web: {
          environment: { ...environment, ...keys },
          labels: environment,
          command: odd.map((text) => text.replaceAll('$', () => '$$')),
        },
      },
    }),
  );
  expect(parameters.command).toEqual(odd);
  expect(parametersOf(write(parameters, { service: 'web', image, verify: null }))).toEqual(parameters);
});
