import { passedOverRunFiles } from '../../../../src/image/packaging/passed-over-run-files.js';
import { applicationRunFiles } from '../../../../src/run-file/names.js';
import { inspectedPackagingOf } from '../../../support/image-service.js';
import { inlineReading } from '../../../support/reading.js';

const bases = applicationRunFiles('web');
const own = 'web/docker/compose.yaml';
const overlay = 'web/docker/compose.prod.yaml';

async function passedOver(dockerfile: string, context = 'web'): Promise<readonly string[]> {
  const reading = await inlineReading.dockerfile(dockerfile, { buildArgs: { GIVEN: 'docker' }, target: null });
  return [own, overlay, 'web/docker/Dockerfile', 'compose.yaml'].filter(passedOverRunFiles(bases, reading, context));
}

describe('a run file makes no image', () => {
  test.each<[string, string, readonly string[]]>([
    ['where the context is copied whole', 'COPY . /', [own, overlay]],
    ['where its folder is', 'COPY docker/ /', [own, overlay]],
    ['where a glob takes it', 'COPY docker/*.yaml /', [own, overlay]],
    ['where nothing takes it', 'COPY src /', [own, overlay]],
    ['unless COPY names it', 'COPY . docker/compose.yaml /x/', [overlay]],
    ['unless ADD names it', 'ADD ./docker//compose.prod.yaml /', [own]],
    ['unless a bind mount names it', 'RUN --mount=type=bind,source=docker/compose.yaml,target=/x true', [overlay]],
    ['unless a variable that is known names it', 'ARG GIVEN\nCOPY $GIVEN/compose.yaml /', [overlay]],
    ['unless the Dockerfile is not understood', 'COPI . /', []],
  ])('%s', async (_, line, expected) => {
    expect(await passedOver(`FROM scratch\n${line}\n`)).toEqual(expected);
  });

  test('unless a variable of the base may name it', async () => {
    expect(await passedOver('FROM elsewhere:1\nCOPY $UNKNOWN /\n')).toEqual([]);
  });

  test('unless the frontend is another one', async () => {
    expect(await passedOver('# syntax=example/other\nFROM scratch\nCOPY . /\n')).toEqual([]);
  });

  test('by its path in the repository, wherever the context is', async () => {
    expect(await passedOver('FROM scratch\nCOPY web/docker/compose.yaml /\n', '')).toEqual([overlay]);
    expect(await passedOver('FROM scratch\nCOPY compose.yaml /\n', 'web/docker')).toEqual([overlay]);
    expect(await passedOver('FROM scratch\nCOPY compose.yaml /\n', 'web')).toEqual([own, overlay]);
  });

  test('if there is no Dockerfile, nobody knows', () => {
    expect([own].filter(passedOverRunFiles(bases, null, ''))).toEqual([]);
  });
});

describe('the key of the packaging', () => {
  const key = async (...given: Parameters<typeof inspectedPackagingOf>) => (await inspectedPackagingOf(...given)).key;
  const copyAll = { 'docker/Dockerfile': 'FROM scratch\nCOPY . /' };
  const named = { 'docker/Dockerfile': 'FROM scratch\nCOPY docker/compose.yaml /' };

  test('is that of the folder without run files', async () => {
    const run = { 'docker/compose.yaml': '1', 'docker/compose.prod.yaml': '2', 'docker/docker-compose.yml': '3' };
    expect(await key({ ...copyAll, ...run })).toBe(await key(copyAll));
    expect(await key({ ...copyAll, 'docker/run.sh': '1' })).not.toBe(await key(copyAll));
    expect(await key({ ...copyAll, 'docker/x/compose.yaml': '1' })).not.toBe(await key(copyAll));
  });

  test('is that of the central folder without run files', async () => {
    const central = { 'app/Dockerfile': 'FROM scratch\nCOPY . /' };
    expect(await key({}, {}, { ...central, 'app/compose.yaml': '1' })).toBe(await key({}, {}, central));
    expect(await key({}, {}, { ...central, 'app/run.sh': '1' })).not.toBe(await key({}, {}, central));
  });

  test('includes a run file that is copied by its name', async () => {
    expect(await key({ ...named, 'docker/compose.yaml': '1' })).not.toBe(
      await key({ ...named, 'docker/compose.yaml': '2' }),
    );
    expect(await key({ ...named, 'docker/compose.yml': '1' })).toBe(await key({ ...named, 'docker/compose.yml': '2' }));
  });

  test('includes the run files of a Dockerfile that cannot be read', async () => {
    const large = { 'docker/Dockerfile': `FROM scratch\n#${'x'.repeat(1024 * 1024)}` };
    expect(await key({ ...large, 'docker/compose.yaml': '1' })).not.toBe(await key(large));
  });
});
