/**
 * A git host as a process of its own: `node serve-git.mjs FOLDER PORT`. One that was forked sends its address and ends with whoever forked it.
 */
import { startGitServer } from './git-server.mjs';

const [root, port] = process.argv.slice(2);
process.once('disconnect', () => process.exit());
const { url } = await startGitServer({ root, port: Number(port) });
process.send?.(url);
