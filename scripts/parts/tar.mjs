/** Tar archives of the few files that the commands hand to an engine. */

/** The header that tar-stream takes. Everything belongs to root and is of the epoch, so that equal entries give equal bytes. */
function header({ path, content, mode, link }) {
  const common = { name: path, uid: 0, gid: 0, mtime: new Date(0) };
  if (link !== undefined) return { ...common, type: 'symlink', mode: 0o777, linkname: link };
  if (content === undefined) return { ...common, type: 'directory', mode: mode ?? 0o755 };
  return { ...common, type: 'file', mode: mode ?? 0o644 };
}

/** An archive of `{ path, content?, mode?, link? }`: a file with `content`, a symbolic link with `link`, otherwise a folder. */
export async function tar(entries) {
  // Not at the top: the commands load this file before they install the packages.
  const { pack } = await import('tar-stream');
  const archive = pack();
  for (const entry of entries) archive.entry(header(entry), entry.content ?? '');
  archive.finalize();
  const chunks = [];
  for await (const chunk of archive) chunks.push(chunk);
  return Buffer.concat(chunks);
}
