/** The data directory is for its owner alone, whatever the umask and whatever was there before. */
import { chmod, lstat, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { jest } from '@jest/globals';
import { mirrorPlaces, ensureMirror, writeGitConfig } from '../../../src/git/mirror/mirror-folder.js';
import { createArtifactFiles } from '../../../src/pipeline/accept/artifact-files.js';
import { tightenData } from '../../../src/server/private-data.js';
import { openStore } from '../../../src/store/open-store.js';
import { ApiClient, TOKEN, until, type ApiRequest } from '../../support/api-client.js';
import { useCli } from '../../support/cli.js';
import { keptLog } from '../../support/kept-log.js';
import { TestSlipway } from '../../support/slipway.js';

jest.setTimeout(90_000);

const cli = useCli();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-modes-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const modeOf = async (path: string) => ((await stat(path)).mode & 0o7777).toString(8);

/** Everything below a folder and itself, as `mode path`, where group or others may do anything. */
async function open(root: string): Promise<string[]> {
  const paths = ['', ...(await readdir(root, { recursive: true }))];
  const found = await Promise.all(
    paths.map(async (path) => [path, await lstat(join(root, path)).catch(gone)] as const),
  );
  return found.flatMap(([path, entry]) =>
    entry !== null && (entry.mode & 0o077) !== 0 ? [`${(entry.mode & 0o7777).toString(8)} ${path}`] : [],
  );
}
const gone = () => null;

/** Runs what begins at once with another umask, which its child processes keep. */
function under<T>(umask: number, begin: () => T): T {
  const before = process.umask(umask);
  try {
    return begin();
  } finally {
    process.umask(before);
  }
}

class RemoteSlipway extends ApiClient {
  constructor(private readonly address: string) {
    super();
  }

  override async send({ method, url, headers, payload }: ApiRequest) {
    const body = typeof payload === 'object' ? JSON.stringify(payload) : payload;
    const sent = new Headers({ ...headers, connection: 'close' });
    if (typeof payload === 'object') sent.set('content-type', 'application/json');
    const answer = await fetch(`${this.address}${url}`, { method, headers: sent, body: body ?? null });
    return { statusCode: answer.status, body: await answer.text() };
  }

  async sendArtifact(service: string): Promise<number> {
    const body = new FormData();
    body.set('service', service);
    body.set('branch', 'main');
    body.set('artifact', new Blob(['content']), 'app.jar');
    const headers = { authorization: `Bearer ${TOKEN}`, connection: 'close' };
    return (await fetch(`${this.address}/api/v1/builds`, { method: 'POST', headers, body })).status;
  }
}

test('a server under umask 000 opens nothing to others', async () => {
  const services = { app: { repository: 'abc/app', artifact: 'app.jar' } };
  const slipway = await TestSlipway.create({ services, registryHost: 'registry.test:5000' });
  try {
    await slipway.writeConfig();
    const repo = await slipway.repo('abc/app');
    const after = await repo.commit({ files: { Dockerfile: 'FROM scratch\nCOPY app.jar /\n' } });
    const server = under(0, () => cli.start('serve', '--config', slipway.configFile));
    const said = await server.until('listening');
    const remote = new RemoteSlipway(/"address":"([^"]+)"/.exec(said)?.[1] ?? '');
    expect(await remote.push('abc/app', 'main', { after })).toMatchObject([{ decision: 'build' }]);
    expect(await remote.sendArtifact('app')).toBe(202);
    const data = join(slipway.folder, 'data');
    await until('the mirror to have a pack', async () =>
      (await readdir(data, { recursive: true })).some((path) => /^mirrors\/abc\/app\.git\/.*\.pack$/.test(path)),
    );
    const running = await open(data);
    const names = await readdir(data, { recursive: true });
    server.signal('SIGTERM');
    await server.ended;
    expect(names).toEqual(
      expect.arrayContaining([
        'slipway.db',
        'slipway.db-wal',
        'slipway.db-shm',
        'slipway.lock',
        'mirrors/git.config',
        'mirrors/abc/app.git/HEAD',
        expect.stringMatching(/^artifacts\/./),
      ]),
    );
    expect([running, await open(data)]).toEqual([[], []]);
  } finally {
    await slipway.close();
  }
});

describe('inside a process with umask 000', () => {
  let before: number;
  beforeEach(() => {
    before = process.umask(0);
  });
  afterEach(() => void process.umask(before));

  test('the store makes its folder and its files closed', async () => {
    const dataDir = join(folder, 'a', 'data');
    const store = await openStore({ dataDir, logLimit: 1, clock: { now: () => 1 } });
    const names = ['slipway.db', 'slipway.db-shm', 'slipway.db-wal', 'slipway.lock'];
    expect(await readdir(dataDir)).toEqual(expect.arrayContaining(names));
    expect(await open(dataDir)).toEqual([]);
    await store.housekeeping.close();
    expect(await open(dataDir)).toEqual([]);
  });

  test('so do artifacts and mirrors', async () => {
    const files = createArtifactFiles({ dataDir: folder, limit: () => 100 });
    await files.receive('app.jar', Readable.from([Buffer.from('content')]));
    const places = mirrorPlaces(join(folder, 'mirrors'));
    await writeGitConfig(places);
    await ensureMirror(places, join(folder, 'mirrors', 'abc', 'app.git'), async () => undefined);
    expect(await readdir(folder)).toEqual(['artifacts', 'mirrors']);
    expect(await open(folder)).toEqual([]);
  });
});

describe('at the start', () => {
  test('what an older Slipway left open is closed', async () => {
    const dataDir = join(folder, 'data');
    await mkdir(join(dataDir, 'mirrors'), { recursive: true });
    await writeFile(join(dataDir, 'slipway.db'), '');
    await Promise.all([chmod(dataDir, 0o755), chmod(join(dataDir, 'mirrors'), 0o2775)]);
    await chmod(join(dataDir, 'slipway.db'), 0o664);
    const log = keptLog();
    await tightenData(dataDir, log);
    expect(await open(dataDir)).toEqual([]);
    expect([await modeOf(dataDir), await modeOf(join(dataDir, 'slipway.db'))]).toEqual(['700', '600']);
    expect(log.lines).toEqual([]);
  });

  test('what a link leads to is left alone, with a warning where it is open', async () => {
    const [elsewhere, dataDir] = [join(folder, 'elsewhere'), join(folder, 'data')];
    await mkdir(elsewhere);
    await chmod(elsewhere, 0o755);
    await symlink(elsewhere, dataDir);
    const log = keptLog();
    await tightenData(dataDir, log);
    expect(await modeOf(elsewhere)).toBe('755');
    expect(log.lines).toMatchObject([
      { level: 'warn', bindings: { path: dataDir, obstacle: expect.stringContaining('link') } },
    ]);
    await chmod(elsewhere, 0o700);
    await tightenData(dataDir, log);
    expect(log.lines).toHaveLength(1);
  });

  test('a folder that everybody uses is not closed', async () => {
    await chmod(folder, 0o1777);
    const log = keptLog();
    await tightenData(folder, log);
    expect(await modeOf(folder)).toBe('1777');
    expect(log.lines).toMatchObject([{ level: 'warn', bindings: { obstacle: expect.stringContaining('shared') } }]);
  });

  test('what may not be closed is a warning, and no failure', async () => {
    // Not even root may change modes here.
    const path = `/proc/${process.pid}`;
    const log = keptLog();
    await tightenData(path, log);
    expect(log.lines).toMatchObject([{ level: 'warn', bindings: { path, err: { code: 'EPERM' } } }]);
  });

  test('a folder that is missing is for others to make', async () => {
    const log = keptLog();
    await tightenData(join(folder, 'none'), log);
    expect(log.lines).toEqual([]);
  });
});
