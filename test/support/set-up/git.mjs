import { startGitServer } from './parts.mjs';

export default startGitServer;
