/** Slipway's own image, built with Slipway's own builder and run. Only the download of npm packages is replaced, by those that are here. */
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Docker from 'dockerode';
import { pack } from 'tar-stream';
import { parse } from 'yaml';
import { createEngine } from '../../../src/engine/docker/engine.js';
import { createIgnore } from '../../../src/patterns/dockerignore.js';
import { diskContext, filesBelow, type DiskFile } from '../../support/disk-context.js';
import { buildRequest, engineHost, never, realClock } from '../../support/engine.js';
import { installedPackages } from '../../support/installed-packages.js';
import { keptLog } from '../../support/kept-log.js';
import { machineFiles } from '../../support/machine-files.js';
import { until } from '../../support/slipway.js';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const tagOf = (name: string): string => `slipway.test/packaging/${name}:1`;
const [base, dependencies, image] = [tagOf('node'), tagOf('dependencies'), tagOf('slipway')] as const;

const engine = createEngine({ host: engineHost(), tls: null, credentials: null, clock: realClock, log: keptLog() });
const address = new URL(engineHost());
const docker =
  address.protocol === 'unix:'
    ? new Docker({ socketPath: address.pathname })
    : new Docker({ host: address.hostname, port: address.port });

async function build(tag: string, files: readonly DiskFile[], buildArgs: Record<string, string> = {}): Promise<void> {
  const context = await diskContext(files, tag);
  const printed: string[] = [];
  const keep = (event: { kind: string; line?: { text: string } }) => printed.push(event.line?.text ?? '');
  await engine.builder.build(buildRequest({}, { context, tag, buildArgs }), keep, never).catch((error: unknown) => {
    throw new Error(`${tag}: ${String(error)}\n${printed.slice(-20).join('\n')}`, { cause: error });
  });
}

const dockerfile = (...lines: string[]): DiskFile => ({ path: 'Dockerfile', mode: '100644', text: lines.join('\n') });

/** Stands in for the official image of Node: this machine's Node, npm and git. */
async function buildBase(addons: readonly string[]): Promise<void> {
  const { files, links } = await machineFiles(addons);
  const steps = links.map((command) => `RUN ["/bin/busybox", "sh", "-c", "${command}"]`);
  const machine = files.map((file) => ({ ...file, path: `machine/${file.path}` }));
  await build(base, [dockerfile('FROM scratch', 'COPY machine/ /', ...steps, 'ENV PATH=/usr/bin:/bin'), ...machine]);
}

/** What the stage `npm` of the Dockerfile makes where builds reach a package registry. */
async function buildDependencies({
  runtime,
  compiling,
}: {
  runtime: DiskFile[];
  compiling: DiskFile[];
}): Promise<void> {
  const more = compiling.map((file) => ({ ...file, path: `compiling/${file.path}` }));
  const copies = [
    'COPY node_modules /runtime/node_modules',
    'COPY node_modules /app/node_modules',
    'COPY compiling /app',
    'RUN mkdir /app/node_modules/.bin && ln -s ../typescript/bin/tsc /app/node_modules/.bin/tsc',
  ];
  await build(dependencies, [dockerfile(`FROM ${base}`, ...copies), ...runtime, ...more]);
}

/** The clone, less what .dockerignore leaves out. */
async function buildSlipway(): Promise<void> {
  const ignored = createIgnore(await readFile(join(root, '.dockerignore'), 'utf8'));
  const top = (await readdir(root, { withFileTypes: true })).filter(({ name }) => !ignored(name));
  const files = await Promise.all(
    top.map(async (entry): Promise<DiskFile[]> => {
      if (!entry.isDirectory()) return [{ path: entry.name, from: join(root, entry.name) }];
      return filesBelow(join(root, entry.name), `${entry.name}/`, (path) => ignored(`${entry.name}/${path}`));
    }),
  );
  const recipe = { path: 'Dockerfile', from: join(root, 'Dockerfile') };
  await build(image, [...files.flat(), recipe], { BASE: base, DEPENDENCIES: dependencies });
}

const settings = `
github: { webhookSecrets: [secret-of-the-test] }
registry: { host: registry.test }
server: { dataDir: ../data }
services: { app: { repository: abc/app } }
`;

interface Hardening {
  readonly user: string;
  readonly read_only: boolean;
  readonly tmpfs: readonly string[];
  readonly cap_drop: string[];
  readonly security_opt: string[];
}

/** As denied as config/compose.yaml has it. */
async function startContainer(): Promise<Docker.Container> {
  const compose = parse(await readFile(join(root, 'config/compose.yaml'), 'utf8'), { merge: true }) as {
    readonly services: { readonly slipway: Hardening };
  };
  const { user, read_only, tmpfs, cap_drop, security_opt } = compose.services.slipway;
  const container = await docker.createContainer({
    Image: image,
    User: user,
    // Nothing can be put into a root that is read-only.
    Volumes: { '/slipway/config': {} },
    HostConfig: {
      NetworkMode: 'none',
      ReadonlyRootfs: read_only,
      Tmpfs: Object.fromEntries(tmpfs.map((mount) => [mount.split(':')[0] ?? '', mount.split(':')[1] ?? ''])),
      CapDrop: cap_drop,
      SecurityOpt: security_opt,
    },
    // Asked more often than in use; what is asked is the image's own.
    Healthcheck: { Interval: 500_000_000 },
  });
  const archive = pack();
  archive.entry({ name: 'slipway.yaml' }, settings);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(Buffer.from(chunk as Uint8Array));
  await container.putArchive(Buffer.concat(chunks), { path: '/slipway/config' });
  await container.start();
  return container;
}

async function printedBy(container: Docker.Container, ...command: string[]): Promise<string> {
  const exec = await container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true, Tty: true });
  const stream = await exec.start({ Tty: true });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8').trim();
}

describe("Slipway's own image", () => {
  let container: Docker.Container;

  beforeAll(async () => {
    const packages = await installedPackages(root);
    const all = [...packages.runtime, ...packages.compiling];
    await buildBase(all.map(({ path }) => join(root, path)).filter((path) => path.endsWith('.node')));
    await buildDependencies(packages);
    await buildSlipway();
    container = await startContainer();
  }, 480_000);

  afterAll(async () => {
    await container?.remove({ force: true, v: true });
    for (const name of [image, dependencies, base]) await engine.images.remove(name);
  });

  test('runs the server, and its own health check says so', async () => {
    await until('the container is healthy', async () => {
      const { State } = await container.inspect();
      if (!State.Running) throw new Error((await container.logs({ stdout: true, stderr: true })).toString());
      return State.Health?.Status === 'healthy';
    });
  });

  test('answers /healthz with 200', async () => {
    const ask = "fetch('http://127.0.0.1:8080/healthz').then((answer) => console.log(String(answer.status)))";
    expect(await printedBy(container, 'node', '-e', ask)).toBe('200');
  });

  test('does not run as root', async () => {
    expect(await printedBy(container, 'id', '-u')).toBe('1000');
  });

  test('can do nothing that config/compose.yaml denies it, and needs nothing of that', async () => {
    const status = await printedBy(container, 'cat', '/proc/1/status');
    expect(status).toMatch(/^CapEff:\s*0+\s*$/m);
    expect(status).toMatch(/^CapBnd:\s*0+\s*$/m);
    expect(status).toMatch(/^NoNewPrivs:\s*1\s*$/m);
    expect(await printedBy(container, 'touch', '/app/x')).toMatch(/Read-only file system/);
    expect(await printedBy(container, 'touch', '/tmp/x')).toBe('');
  });

  test('keeps its data for its user alone', async () => {
    const modes = await printedBy(container, 'stat', '-c', '%a %u %n', '/slipway/data', '/slipway/data/slipway.db');
    expect(modes.split(/\r?\n/)).toEqual(['700 1000 /slipway/data', '600 1000 /slipway/data/slipway.db']);
  });

  test('brings git, and none of the packages that only development needs', async () => {
    expect(await printedBy(container, 'git', '--version')).toMatch(/^git version/);
    expect(await printedBy(container, 'ls', 'node_modules/typescript')).toMatch(/No such file/);
  });

  test('ends with exit code 0 when it is asked to stop', async () => {
    await container.stop({ t: 10 });
    expect((await container.inspect()).State.ExitCode).toBe(0);
  });
});
