/**
 * A git host in a separate process: `node serve-git.mjs FOLDER PORT`. If it was forked, it sends its address to the parent process, and
 * ends with it.
 */
import { startGitServer } from './git-server.mjs';

const [root, port] = process.argv.slice(2);
process.once('disconnect', () => process.exit());
const { url } = await startGitServer({ root, port: Number(port) });
process.send?.(url);
