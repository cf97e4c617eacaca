import type { TestRepo } from '../../test/support/git.js';

/**
 * Returns `bytes` bytes that compress about as well as source text (to three quarters). They differ for each seed and are the same every
 * time: a xorshift generator's numbers in base64.
 */
export function sourceText(seed: number, bytes: number): Buffer {
  let state = (Math.imul(seed, 2654435761) + 88675123) | 0 || 1;
  const numbers = new Int32Array(Math.ceil((bytes * 3) / 16) + 1);
  for (let at = 0; at < numbers.length; at += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    numbers[at] = state;
  }
  return Buffer.from(Buffer.from(numbers.buffer).toString('base64').slice(0, bytes), 'latin1');
}

export interface ServiceShape {
  /** Of the service in its repository. */
  readonly path: string;
  readonly base: string;
  /** Small files in `src/`, and how large each is. */
  readonly files: number;
  readonly fileBytes: number;
  /** Large files in `lib/`, and how large each is. */
  readonly libraries: number;
  readonly libraryBytes: number;
  /** Everything in one layer, or the libraries in one of their own below the source. */
  readonly copy: 'all' | 'apart';
  readonly seed: number;
}

const dockerfile = ({ base, copy }: ServiceShape): string =>
  [
    `FROM ${base}`,
    'RUN mkdir -p /app && chmod 0775 /app',
    'WORKDIR /app',
    ...(copy === 'all' ? ['COPY . .'] : ['COPY lib lib', 'COPY src src']),
    'CMD ["cat", "src/changed.txt"]',
    '',
  ].join('\n');

/** The file that pushes change. */
export const changedFile = (path: string): string => `${path}/src/changed.txt`;

/** Folders of a hundred, as source trees have them. */
const filePath = (number: number): string => `src/p${Math.floor(number / 100)}/file${number}.txt`;

function* filesOf(shape: ServiceShape): Generator<readonly [string, Buffer]> {
  const { path, files, fileBytes, libraries, libraryBytes, seed } = shape;
  yield [`${path}/Dockerfile`, Buffer.from(dockerfile(shape))];
  yield [`${path}/.dockerignore`, Buffer.from('*.md\n')];
  yield [changedFile(path), Buffer.from('first\n')];
  for (let at = 0; at < files; at += 1) yield [`${path}/${filePath(at)}`, sourceText(seed + at, fileBytes)];
  for (let at = 0; at < libraries; at += 1) {
    yield [`${path}/lib/lib${at}.bin`, sourceText(seed + files + at, libraryBytes)];
  }
}

/** Writes services into a repository, in commits of bounded size, and packs it as hosts do now and then; resolves with the last commit. */
export async function writeServices(repo: TestRepo, shapes: Iterable<ServiceShape>): Promise<string> {
  const most = 64 << 20;
  let files: Record<string, Buffer> = {};
  let size = 0;
  let last = '';
  const commit = async () => {
    if (Object.keys(files).length > 0) last = await repo.commit({ files, message: 'Add services' });
    [files, size] = [{}, 0];
  };
  for (const shape of shapes) {
    for (const [path, content] of filesOf(shape)) {
      files[path] = content;
      size += content.length;
      if (size > most) await commit();
    }
  }
  await commit();
  await repo.git('repack', '-a', '-d', '--quiet');
  return last;
}
