/** The demo's git host as a process of its own: `node serve-git.mjs FOLDER PORT`. */
import { startGitServer } from '../git-server.mjs';

const [root, port] = process.argv.slice(2);
await startGitServer({ root, port: Number(port) });
