/** `docker compose up` of an effective file makes the container that Slipway creates. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureCompose } from '../../../scripts/parts/compose.mjs';
import { freePort } from '../../../scripts/parts.mjs';
import { connectEngine } from '../../../src/docker/connection.js';
import { effectiveFile } from '../../../src/specification/effective-file.js';
import { must } from '../../support/app.js';
import { keptRunFile, specified } from '../../support/effective.js';
import { engineHost } from '../../support/engine.js';
import { hostAt } from '../../support/host-engines.js';
import { publishImage, type PublishedImage } from '../../support/published-image.js';

const run = promisify(execFile);
const host = hostAt(engineHost());
const project = `slipway-compose-${process.pid}`;
const volume = `web.production.state-${process.pid}`;
const program = composeOrNull();
let folder = '';
let image: PublishedImage;
let compose: (...words: readonly string[]) => Promise<unknown>;
let ours: string | null = null;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-up-'));
  image = await publishImage();
  await host.images.pull(image.reference, image.credentials, new AbortController().signal);
  const env = { PATH: process.env.PATH, HOME: folder, DOCKER_HOST: engineHost(), PASSWORD: 'pa55$word' };
  const args = ['--project-name', project, '-f', join(folder, 'compose.yaml')];
  compose = (...words) => run(program ?? '', [...args, ...words], { env, cwd: folder });
});
afterAll(async () => {
  if (program !== null) await compose('down', '--timeout', '1');
  if (ours !== null) await host.containers.remove(ours);
  (await connectEngine(engineHost(), null).send({ method: 'DELETE', path: `/volumes/${volume}` })).body.resume();
  await image.remove();
  await host.close();
  await rm(folder, { recursive: true });
});

/** Null on a machine that does not reach Debian's packages; then `npm test` reports what it left out. */
function composeOrNull(): string | null {
  try {
    return ensureCompose(() => undefined);
  } catch {
    return null;
  }
}

(program === null ? test.skip : test)('the container of Compose has the same parameters', async () => {
  const file = `
services:
  web:
    command: [sh, -c, 'trap "exit 0" TERM; while true; do sleep 0.1; done']
    user: "0"
    working_dir: /tmp
    hostname: shop
    ports: ["127.0.0.1:${await freePort()}:80"]
    environment: [PASSWORD, "BOTH=5$$-\${PASSWORD}"]
    labels: {own: "a$$b"}
    volumes: ["${folder}:/data:ro", "state:/state"]
    tmpfs: ["/scratch:size=1m"]
    cap_drop: [NET_RAW]
    read_only: true
    ulimits: {nofile: {soft: 100, hard: 200}}
    extra_hosts: ["db=10.0.0.1"]
    stop_signal: SIGTERM
    healthcheck: {test: [CMD, "true"], interval: 5s, retries: 2}
    restart: on-failure:3
volumes: {state: {name: ${volume}}}
`;
  const setting = {
    environment: `variables: { PASSWORD: '\${PW}' }, defaults: { memory: 64MiB }, allow: { binds: ["${folder}"] }`,
    variables: { PW: 'pa55$word' },
  };
  const { wanted, specification, faults, warnings } = await specified(keptRunFile(file), setting);
  expect(faults).toEqual([]);
  const { parameters, ...rest } = must(specification);
  const text = effectiveFile(wanted, { ...rest, parameters, image: image.reference }, warnings);
  await writeFile(join(folder, 'compose.yaml'), text);
  await compose('up', '--detach', '--pull', 'never');

  const own = { name: `${project}-ours`, image: image.reference, labels: {}, publish: null, takeOver: [] };
  ours = (await host.containers.create({ ...own, parameters, restart: parameters.restart })).id;
  const read = async (name: string) => must(await host.containers.inspect(name, { parameters, publish: null }));
  const [byCompose, byUs] = [await read(`${project}-web-1`), await read(ours)];
  expect(byUs.parameters).toEqual(parameters);
  const labels = Object.entries(byCompose.parameters?.labels ?? {}).filter(([name]) => !name.startsWith('com.docker.'));
  expect({ ...byCompose.parameters, labels: Object.fromEntries(labels) }).toEqual(parameters);
  expect([byCompose.imageId, byCompose.state.status]).toEqual([byUs.imageId, 'running']);
  expect([byUs.further, byCompose.further]).toEqual([[], []]);
});
