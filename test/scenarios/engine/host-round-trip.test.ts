/** What a container was created from comes back from a real engine, whatever it is. */
import fc from 'fast-check';
import { connectEngine } from '../../../src/docker/connection.js';
import type { Host, HostLimits, NewContainer } from '../../../src/hosts/contract.js';
import type { Parameters } from '../../../src/model/parameters.js';
import { diff } from '../../../src/run-file/diff.js';
import { engineHost, never } from '../../support/engine.js';
import { hostAt } from '../../support/host-engines.js';
import { publishImage, type PublishedImage } from '../../support/published-image.js';
import { anyParameters, plainParameters } from '../../support/random-parameters.js';

const name = `slipway-round-trip.${process.pid}`;
let image: PublishedImage;
let host: Host;
let limits: HostLimits;

beforeAll(async () => {
  image = await publishImage([
    'ENV LANG=C=D',
    'USER app',
    'WORKDIR /app',
    'VOLUME /state',
    'STOPSIGNAL SIGQUIT',
    // Longer times than any of the random ones.
    'HEALTHCHECK --interval=4000s --timeout=4000s --retries=200 CMD ["/check"]',
    'ENTRYPOINT ["/entry"]',
    'CMD ["serve"]',
  ]);
  host = hostAt(engineHost());
  ({ limits } = await host.info());
  await host.images.pull(image.reference, image.credentials, never);
}, 60_000);

afterAll(async () => {
  await host?.containers.remove(name);
  const path = '/volumes/web.test.data';
  (await connectEngine(engineHost(), null).send({ method: 'DELETE', path })).body.resume();
  await image?.remove();
});

const containerOf = (parameters: Parameters): NewContainer => ({
  name,
  image: image.reference,
  labels: { 'dev.slipway.service': 'web' },
  parameters,
  publish: null,
  restart: parameters.restart,
  takeOver: [],
});

/** What comes back of a container, alone and as it is wanted. */
async function readBack(parameters: Parameters) {
  const wanted = containerOf(parameters);
  const { id } = await host.containers.create(wanted);
  try {
    const [alone, asWanted] = [await host.containers.inspect(id), await host.containers.inspect(id, wanted)];
    return { alone: alone?.parameters, asWanted: asWanted?.parameters };
  } finally {
    await host.containers.remove(id);
  }
}

test('parameters come back equal', async () => {
  await fc.assert(
    fc.asyncProperty(anyParameters, async (parameters) => {
      const { alone, asWanted } = await readBack(parameters);
      expect(asWanted).toEqual(parameters);
      // A limit that the machine cannot enforce does not come back by itself.
      const lacking = limits.memory && limits.swap && limits.pids ? {} : limitsOf(parameters);
      expect({ ...alone, ...lacking }).toEqual(parameters);
    }),
    { numRuns: 40 },
  );
});

const limitsOf = ({ memory, memorySwap, pidsLimit }: Parameters) => ({ memory, memorySwap, pidsLimit });

const unset = {
  disabled: false,
  test: null,
  interval: null,
  timeout: null,
  startPeriod: null,
  startInterval: null,
  retries: null,
};

test.each<[string, Partial<Parameters>]>([
  ['an entrypoint like that of the image', { entrypoint: ['/entry'] }],
  ['an empty entrypoint', { entrypoint: [] }],
  ['an empty command', { command: [] }],
  ['an empty command with an entrypoint of its own', { entrypoint: ['/own'], command: [] }],
  ['a user, a folder and a signal like those of the image', { user: 'app', workingDir: '/app', stopSignal: 'SIGQUIT' }],
  ['a folder with a slash at its end', { workingDir: '/w/' }],
  ['no limit of processes', { pidsLimit: -1 }],
  ['labels off for a privileged container', { privileged: true, securityOpt: ['label=disable'] }],
  ["the host's network", { networkMode: 'host' }],
  ['no limit of memory', { memory: 0, memorySwap: 0 }],
  ['swap without limit', { memorySwap: -1 }],
  ['a health check with the test of the image', { healthcheck: { ...unset, retries: 9 } }],
  ['a start interval', { healthcheck: { ...unset, test: ['CMD', 'x'], startInterval: 2e9 } }],
])('no difference: %s', async (_what, changes) => {
  const parameters = { ...plainParameters, ...changes };
  expect((await readBack(parameters)).asWanted).toEqual(parameters);
});

test('a change by hand is a difference', async () => {
  const wanted = containerOf({ ...plainParameters, memory: 64 * 2 ** 20, memorySwap: 64 * 2 ** 20 });
  const { id } = await host.containers.create(wanted);
  const more = 128 * 2 ** 20;
  const body = Buffer.from(JSON.stringify({ Memory: more, MemorySwap: more }));
  const answer = await connectEngine(engineHost(), null).send({
    method: 'POST',
    path: `/containers/${id}/update`,
    headers: { 'Content-Type': 'application/json' },
    body,
  });
  answer.body.resume();
  if (limits.memory) expect(answer.status).toBe(200);
  const found = (await host.containers.inspect(id, wanted))?.parameters;
  await host.containers.remove(id);
  const fields = found ? diff(wanted.parameters, found).map(({ field }) => field) : [];
  expect(fields).toEqual(limits.memory ? ['mem_limit', 'memswap_limit'].slice(0, limits.swap ? 2 : 1) : []);
});

test('the volume of a replaced container is taken over, and is no difference', async () => {
  const { containers } = host;
  const first = await containers.create(containerOf(plainParameters));
  const [volume] = (await containers.inspect(first.id))?.volumes ?? [];
  expect(volume).toMatchObject({ target: '/state' });
  if (volume === undefined) throw new Error('There is no volume.');
  await containers.remove(first.id);
  expect(await host.volumes.exists(volume.volume)).toBe(true);
  const wanted = { ...containerOf(plainParameters), takeOver: [volume] };
  const { id } = await containers.create(wanted);
  const second = await containers.inspect(id, wanted);
  await containers.remove(id);
  expect(second?.volumes).toEqual([volume]);
  expect(second?.parameters).toEqual(plainParameters);
  expect(await host.images.find(image.reference)).toMatchObject({ volumes: ['/state'], entrypoint: ['/entry'] });
  (await connectEngine(engineHost(), null).send({ method: 'DELETE', path: `/volumes/${volume.volume}` })).body.resume();
});
