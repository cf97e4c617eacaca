/** The small base image that demo and tests build from: this machine's busybox where it is a static one, else the public one. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { engineClient } from './engine-client.mjs';
import { findProgram } from './programs.mjs';
import { tar } from './tar.mjs';

/** Program header of the dynamic loader's path (elf(5)); only a static program has none. */
const interpreterHeader = 3;

function isStatic(program) {
  const bytes = readFileSync(program);
  if (bytes.readUInt32BE(0) !== 0x7f454c46 || bytes[4] !== 2 || bytes[5] !== 1) return false;
  const [start, size, count] = [Number(bytes.readBigUInt64LE(32)), bytes.readUInt16LE(54), bytes.readUInt16LE(56)];
  return !Array.from({ length: count }, (_, at) => bytes.readUInt32LE(start + at * size)).includes(interpreterHeader);
}

function busyboxFiles(program) {
  const programs = execFileSync(program, ['--list'], { encoding: 'utf8' })
    .split('\n')
    .filter((name) => name !== '' && name !== 'busybox');
  return [
    { path: 'bin/' },
    { path: 'bin/busybox', content: readFileSync(program), mode: 0o755 },
    ...programs.map((name) => ({ path: `bin/${name}`, link: 'busybox' })),
    { path: 'etc/' },
    { path: 'etc/passwd', content: 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' },
    { path: 'etc/group', content: 'root:x:0:\nnobody:x:65534:\n' },
    { path: 'root/', mode: 0o700 },
    { path: 'tmp/', mode: 0o1777 },
  ];
}

const withTag = (name) => [name.replace(/:[^:/]*$/, ''), /:([^:/]*)$/.exec(name)?.[1] ?? 'latest'];

async function exists(client, name) {
  try {
    await client.send('GET', `/images/${name}/json`);
    return true;
  } catch (error) {
    if (error.status === 404) return false;
    throw error;
  }
}

/** The progress of `POST /images/create` is JSON lines; a fault is one of them, behind a status of 200. */
async function create(client, query, body) {
  const answer = await client.send('POST', `/images/create?${new URLSearchParams(query)}`, {
    body,
    type: 'application/x-tar',
  });
  const fault = answer
    .toString('utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line).error)
    .find(Boolean);
  if (fault !== undefined) throw new Error(`The base image could not be made: ${fault}`);
}

/** Makes an image of a tar archive, as `docker import` does. */
export async function importImage(dockerHost, name, archive, settings = []) {
  const [repo, tag] = withTag(name);
  const changes = settings.map((line) => ['changes', line]);
  await create(engineClient(dockerHost), [['fromSrc', '-'], ['repo', repo], ['tag', tag], ...changes], archive);
}

/** Makes the image `name`, a busybox with a shell, unless the engine has it. Resolves with whether it was made just now. */
export async function ensureBaseImage(dockerHost, name) {
  const client = engineClient(dockerHost);
  if (await exists(client, name)) return false;
  const [repo, tag] = withTag(name);
  const program = findProgram('busybox');
  if (process.platform === 'linux' && program !== null && isStatic(program)) {
    await importImage(dockerHost, name, await tar(busyboxFiles(program)), ['ENV PATH=/bin', 'CMD ["sh"]']);
  } else {
    await create(client, [
      ['fromImage', 'busybox'],
      ['tag', 'stable'],
    ]);
    await client.send('POST', `/images/busybox:stable/tag?${new URLSearchParams({ repo, tag })}`);
  }
  return true;
}
