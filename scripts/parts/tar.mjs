/** Tar archives made by hand (POSIX.1-1988 ustar), for the few files that the commands hand to an engine. */

const block = 512;
const types = { file: '0', link: '2', folder: '5' };

const octal = (value, length) => `${value.toString(8).padStart(length - 1, '0')}\0`;

function header({ path, mode, size, type, target }) {
  const bytes = Buffer.alloc(block);
  if (Buffer.byteLength(path) > 100) throw new Error(`${path}: longer than a ustar name`);
  bytes.write(path, 0);
  bytes.write(octal(mode, 8), 100);
  bytes.write(octal(0, 8), 108);
  bytes.write(octal(0, 8), 116);
  bytes.write(octal(size, 12), 124);
  bytes.write(octal(0, 12), 136);
  bytes.write(' '.repeat(8), 148);
  bytes.write(types[type], 156);
  bytes.write(target, 157);
  bytes.write('ustar\x0000', 257);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${octal(sum, 7)} `, 148);
  return bytes;
}

const padding = (size) => Buffer.alloc((block - (size % block)) % block);

/**
 * An archive of `{ path, content?, mode?, link? }`: a file with `content`, a symbolic link with `link`, otherwise a folder.
 * Everything belongs to root and is of the epoch, so that equal entries give equal bytes.
 */
export function tar(entries) {
  const parts = entries.flatMap(({ path, content, mode, link }) => {
    if (link !== undefined) return [header({ path, mode: 0o777, size: 0, type: 'link', target: link })];
    if (content === undefined) return [header({ path, mode: mode ?? 0o755, size: 0, type: 'folder', target: '' })];
    const bytes = Buffer.from(content);
    return [
      header({ path, mode: mode ?? 0o644, size: bytes.length, type: 'file', target: '' }),
      bytes,
      padding(bytes.length),
    ];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}
