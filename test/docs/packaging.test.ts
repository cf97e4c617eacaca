/** The files around the product agree with each other and with it. */
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { createIgnore } from '../../src/patterns/dockerignore.js';
import { tableOf } from './markdown.js';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');

interface ComposeService {
  readonly image: string;
  readonly build?: { readonly args: Record<string, string> };
  readonly user?: string;
  readonly read_only?: boolean;
  readonly tmpfs?: string[];
  readonly cap_drop?: string[];
  readonly security_opt?: string[];
  readonly volumes: string[];
  readonly environment: Record<string, string>;
}
interface Compose {
  readonly services: Record<string, ComposeService>;
  readonly volumes: Record<string, object>;
}
const readCompose = async () => parse(await read('config/compose.yaml'), { merge: true }) as Compose;

/** Arguments of an instruction, one list per line of the Dockerfile that has it. */
function instructions(dockerfile: string, name: string): string[][] {
  const lines = dockerfile.replaceAll('\\\n', ' ').split('\n');
  return lines
    .filter((line) => line.startsWith(`${name} `))
    .map((line) =>
      line
        .slice(name.length + 1)
        .trim()
        .split(/\s+/),
    );
}

describe("Slipway's Dockerfile", () => {
  test('copies nothing that .dockerignore leaves out', async () => {
    const ignored = createIgnore(await read('.dockerignore'));
    const copied = instructions(await read('Dockerfile'), 'COPY')
      .filter(([first]) => !first?.startsWith('--from='))
      .flatMap((words) => words.slice(0, -1));
    expect(copied).toContain('src');
    expect(copied.filter((path) => ignored(path))).toEqual([]);
  });

  test('leaves secrets, history and installed packages out of the context', async () => {
    const ignored = createIgnore(await read('.dockerignore'));
    for (const path of [
      '.git/config',
      'node_modules/x/index.js',
      'config/slipway.yaml',
      '.env',
      '.demo/slipway.yaml',
    ]) {
      expect([path, ignored(path)]).toEqual([path, true]);
    }
  });

  test('lets its user own the data alone, not the program', async () => {
    const dockerfile = await read('Dockerfile');
    expect(dockerfile).toMatch(/chown 1000:1000 \/slipway\/data && chmod 700 \/slipway\/data/);
    expect(
      instructions(dockerfile, 'COPY')
        .flat()
        .filter((word) => word.startsWith('--chown')),
    ).toEqual([]);
  });

  test('reads the configuration and keeps its data where the compose file mounts them', async () => {
    const dockerfile = await read('Dockerfile');
    const [command] = instructions(dockerfile, 'CMD').slice(-1);
    const [volume] = instructions(dockerfile, 'VOLUME').flat();
    const compose = await readCompose();
    const targets = compose.services['slipway']?.volumes.map((mount) => mount.replace(/:ro$/, '').split(':').at(-1));
    expect(targets).toContain(/"([^"]+)"\]$/.exec(command?.join(' ') ?? '')?.[1]);
    expect(targets).toContain(volume);
  });
});

describe('the compose file', () => {
  test('gives Slipway every variable that the sample configuration names', async () => {
    const compose = await readCompose();
    const sample = (await read('config/slipway.yaml')).replaceAll(/(^|\s)#.*$/gm, '');
    const named = new Set([...sample.matchAll(/(?<!\$)\$\{(\w+)\}/g)].map((match) => match[1] ?? ''));
    const given = Object.keys(compose.services['slipway']?.environment ?? {});
    expect([...named].filter((name) => !given.includes(name))).toEqual([]);
  });
});

describe('each container of the compose file', () => {
  test.each(['slipway', 'registry'])(
    '%s may write to its volumes and /tmp only, and has no capability',
    async (name) => {
      const { services } = await readCompose();
      expect(Object.keys(services)).toContain(name);
      expect(services[name]).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        tmpfs: [expect.stringMatching(/^\/tmp:.*noexec/)],
      });
      expect(services[name]).not.toHaveProperty('cap_add');
      expect(services[name]).not.toHaveProperty('privileged');
    },
  );

  test('gets files of the machine to read only, the socket aside', async () => {
    const { services, volumes } = await readCompose();
    const mounts = Object.values(services).flatMap((service) => service.volumes);
    const fromMachine = mounts.filter(
      (mount) => !Object.keys(volumes).some((volume) => mount.startsWith(`${volume}:`)),
    );
    expect(fromMachine.filter((mount) => !mount.endsWith(':ro'))).toEqual([
      '/var/run/docker.sock:/var/run/docker.sock',
    ]);
  });

  test('can be pinned to a digest without changing the file', async () => {
    const { services } = await readCompose();
    expect(services['registry']?.image).toMatch(/^\$\{\w+:-[\w.:/-]+\}$/);
    const [base] = instructions(await read('Dockerfile'), 'ARG').flat();
    expect(services['slipway']?.build?.args['BASE']?.replace(/^\$\{\w+:-(.*)\}$/, 'BASE=$1')).toBe(base);
  });

  test('runs Slipway as the user that its image has, who is not root', async () => {
    const { services } = await readCompose();
    const [user] = instructions(await read('Dockerfile'), 'USER')
      .slice(-1)
      .flat();
    expect(user).toBe('1000:1000');
    expect(services['slipway']?.user).toBe(user);
  });
});

test('the central dockerfiles of a clone are empty: no service is packaged by a sample that has its name', async () => {
  expect(await readdir(join(root, 'dockerfiles'))).toEqual(['README.md']);
});

describe('the sample dockerfiles', () => {
  test('are a folder with a Dockerfile for each service, built from an image that can be chosen', async () => {
    const entries = await readdir(join(root, 'examples/dockerfiles'), { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    expect(names.sort()).toEqual(['java-service', 'orders']);
    for (const name of names) {
      const dockerfile = await read(`examples/dockerfiles/${name}/Dockerfile`);
      expect(instructions(dockerfile, 'ARG')[0]?.[0]).toMatch(/^BASE=/);
      expect(instructions(dockerfile, 'FROM')).toEqual([['${BASE}']]);
    }
  });
});

describe('the shared library for Jenkins', () => {
  const steps = ['slipwayBuild', 'slipwayDeploy'] as const;
  const folder = 'examples/jenkins';
  /** The names of options in the code of a step, those that it shares with a list of its own included. */
  const optionsOf = async (step: string) => {
    const code = await read(`${folder}/vars/${step}.groovy`);
    const lists = [...code.matchAll(/\[\s*('\w+'(?:,\s*'\w+')+)\s*\]/g)].map(([, list = '']) => list);
    return new Set(lists.flatMap((list) => list.match(/\w+/g) ?? []));
  };

  test.each(steps)('%s has the options that its help names', async (step) => {
    const help = await read(`${folder}/vars/${step}.txt`);
    const named = [...help.matchAll(/^(\w+) {2,}/gm)].map(([, name = '']) => name);
    expect(new Set(named)).toEqual(await optionsOf(step));
  });

  test('the table of options has each, with the steps that it is of', async () => {
    const rows = tableOf(await read(`${folder}/README.md`), 'Options of the steps');
    const [build, deploy] = await Promise.all(steps.map(optionsOf));
    const of = (name: string) =>
      build?.has(name) === true
        ? deploy?.has(name) === true
          ? 'both'
          : 'build'
        : deploy?.has(name) === true && 'deploy';
    const all = new Set([...(build ?? []), ...(deploy ?? [])]);
    expect(rows.map(([name]) => name).sort()).toEqual([...all].map((name) => `\`${name}\``).sort());
    for (const [name = '', its] of rows) expect([name, its]).toEqual([name, of(name.replaceAll('`', ''))]);
  });

  test('the script knows each option, from the command line and from the environment', async () => {
    const text = await read(`${folder}/resources/slipway/slipway.sh`);
    const own = ['url', 'credentialsId', 'wait', 'cancelOnAbort'];
    const all = new Set((await Promise.all(steps.map(optionsOf))).flatMap((names) => [...names]));
    for (const name of [...all].filter((one) => !own.includes(one))) {
      expect(text).toContain(`=\${SLIPWAY_${name.toUpperCase()}:-`);
      expect(text).toContain(`--${name}) ${name}=$2`);
    }
  });

  test('the Jenkinsfile gives the steps options that they have, first in staging and then from there', async () => {
    const text = await read(`${folder}/Jenkinsfile`);
    const calls = [...text.matchAll(/(slipway\w+)\((.+)\)$/gm)].map(([, step = '', words = '']) => {
      return { step, words: [...words.matchAll(/(\w+): (\S+?)(?:,|$)/g)].map(([, name, value]) => `${name} ${value}`) };
    });
    expect(calls).toEqual([
      {
        step: 'slipwayBuild',
        words: ['service env.SERVICE', 'artifact env.JAR', 'branch env.BRANCH', 'commit env.COMMIT'],
      },
      { step: 'slipwayDeploy', words: ['service env.SERVICE', "environment 'staging'", 'commit env.COMMIT'] },
      { step: 'slipwayDeploy', words: ['service env.SERVICE', "environment 'production'", "from 'staging'"] },
    ]);
    for (const { step, words } of calls) {
      const options = await optionsOf(step);
      for (const word of words) expect([...options]).toContain(word.split(' ')[0]);
    }
  });
});
