/**
 * A small process that runs git for tests. A process that Jest has filled needs 20 ms to start another one, three times as long, since
 * all its page tables are copied (fork(2)), and does nothing else in the meantime. It serves the repositories below the folder for temporary
 * files, and runs git's commands for test/support/git.ts. It ends with the process that forked it.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGitServer } from '../../../scripts/git-server.mjs';

/** Of a complaint, so that it fits in a header. */
const longestComplaint = 4_096;

const folder = mkdtempSync(join(tmpdir(), 'slipway-git-process-'));
const socket = join(folder, 'run.sock');
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
process.once('disconnect', () => process.exit());

/** How git ended and what it printed. A command that cannot be started ends with -1. */
function run({ args, cwd, env }, input) {
  return new Promise((resolve) => {
    const child = spawn('git', args, { cwd, env });
    const [output, complaint] = [[], []];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => complaint.push(chunk));
    child.on('error', ({ message }) => resolve({ code: -1, complaint: message, output: '' }));
    child.on('close', (code) =>
      resolve({
        code,
        complaint: Buffer.concat(complaint).toString().slice(-longestComplaint),
        output: Buffer.concat(output),
      }),
    );
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** A request is a line of JSON, which says what to run, and git's input. The answer's body is the output, its header how git ended. */
async function answer(request, response) {
  const asked = Buffer.concat(await request.toArray());
  const end = asked.indexOf('\n');
  // An error that is thrown here, as of an argument with a zero byte, would end the process for all tests.
  const ended = await run(JSON.parse(asked.subarray(0, end).toString()), asked.subarray(end + 1)).catch(
    ({ message }) => ({ code: -1, complaint: message, output: '' }),
  );
  const { output, ...how } = ended;
  response.writeHead(200, { 'git-end': Buffer.from(JSON.stringify(how)).toString('base64') }).end(output);
}

const { url } = await startGitServer({ root: tmpdir(), port: 0 });
createServer(answer).listen(socket, () => process.send({ url, socket }));
