/** Secrets of a build on the real engine: a step that mounts one reads it, and nothing keeps it. */
import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { BuildRequest } from '../../../src/engine/contract.js';
import { connectEngine } from '../../../src/docker/connection.js';
import { createEngine } from '../../../src/engine/docker/engine.js';
import type { SlipwayError } from '../../../src/errors.js';
import { Secret } from '../../../src/secret.js';
import { makeBaseImage, type BaseImageOnEngine } from '../../support/base-image.js';
import { buildRequest, engineHost, eventLog, never, realClock } from '../../support/engine.js';
import { readLayers } from '../../support/image-layers.js';
import { keptLog } from '../../support/kept-log.js';

const tag = 'slipway.test/secrets:1';
const value = 'a-very-secret-token\nwith a second line\n';
const log = keptLog();
const options = { host: engineHost(), tls: null, credentials: null, clock: realClock, log };
let base: BaseImageOnEngine;
beforeAll(async () => {
  base = await makeBaseImage();
}, 60_000);
afterAll(async () => {
  await createEngine(options).images.remove(tag);
  await base.remove();
});

const mount = '--mount=type=secret,id=npmrc';

describe.each(['sync', 'archive'] as const)('with a context that travels by %s, a build', (transport) => {
  const engine = createEngine({ ...options, transport });
  const build = (steps: readonly string[], events = eventLog(), changes: Partial<BuildRequest> = {}) => {
    const dockerfile = [`FROM ${base.name}`, ...steps].join('\n');
    const more = { tag, noCache: true, secrets: { npmrc: new Secret(value) }, ...changes };
    return engine.builder.build(buildRequest({ Dockerfile: dockerfile }, more), events.take, never);
  };
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => null,
      (error: SlipwayError) => error,
    );

  test('reads the secret that it mounts, byte for byte', async () => {
    await build([
      `RUN ${mount} sha256sum < /run/secrets/npmrc | cut -c 1-8 > /sum && wc -c < /run/secrets/npmrc > /size`,
    ]);
    const [layer] = (await readLayers(tag)).slice(-1);
    expect(layer?.entries['sum']?.content).toBe(`${createHash('sha256').update(value).digest('hex').slice(0, 8)}\n`);
    expect(layer?.entries['size']?.content).toBe(`${value.length}\n`);
  });

  test('leaves it in no layer, no history, no event and no line of the log', async () => {
    const events = eventLog();
    await build(
      [`RUN ${mount} cat /run/secrets/npmrc; echo "x $(cat /run/secrets/npmrc)" >&2; echo done > /made`],
      events,
    );
    expect(events.lines()).toEqual(expect.arrayContaining(['***', 'x ***']));
    const layers = await readLayers(tag);
    expect(layers.at(-1)?.entries['made']?.content).toBe('done\n');
    const history = await connectEngine(engineHost(), null).send({ method: 'GET', path: `/images/${tag}/get` });
    const everywhere = [
      JSON.stringify(events.events),
      JSON.stringify(log.lines),
      await text(history.body.setEncoding('latin1')),
    ].join('\n');
    expect(everywhere).not.toContain('a-very-secret-token');
    expect(everywhere).not.toContain('with a second line');
  });

  test('that fails tells its last lines without it', async () => {
    const error = await failure(build([`RUN ${mount} cat /run/secrets/npmrc; exit 4`]));
    expect(error).toMatchObject({ code: 'dockerfile-step-failed' });
    expect(error?.message).toMatch(/exit code 4\.\n\*\*\*\n\*\*\*$/);
    expect(`${error?.stack} ${String(error?.cause)}`).not.toContain('a-very-secret-token');
  });

  test('says which secret it needs and is not given', async () => {
    const step = 'RUN --mount=type=secret,id=other,required=true true';
    const error = await failure(build([step]));
    expect(error).toMatchObject({ code: 'dockerfile-step-failed', step: expect.stringContaining('RUN ') });
    expect(error?.message).toContain('needs the secret "other", which the service does not set');
  });

  test('goes on without a secret that it does not need', async () => {
    await build(['RUN --mount=type=secret,id=other,required=false test ! -e /run/secrets/other']);
    await build(['RUN --mount=type=secret,id=other test ! -e /run/secrets/other']);
  });

  test('takes a layer from the cache although the value has changed', async () => {
    const step = [`RUN ${mount} cat /run/secrets/npmrc > /dev/null && echo ${transport}`];
    await build(step, eventLog(), { noCache: false });
    const first = await build(step, eventLog(), { noCache: false });
    const secrets = { npmrc: new Secret('another-value') };
    expect(await build(step, eventLog(), { noCache: false, secrets })).toEqual(first);
  });
});
