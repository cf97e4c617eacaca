/**
 * `npm run demo`: shows Slipway at work on real parts, from a bare clone. `--keep` leaves everything running, `--stop` ends what an
 * earlier `--keep` left. The exit code is 0 only if every fact that it shows was true.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createActs } from './demo/act.mjs';
import { deploymentChapters } from './demo/deployments.mjs';
import { NotSo } from './demo/fact.mjs';
import { lastLines } from './demo/processes.mjs';
import { createScreen, table } from './demo/screen.mjs';
import { slipwayClient } from './demo/slipway.mjs';
import { setStage, startSlipway } from './demo/stage.mjs';
import { condition, openState, strike } from './demo/state.mjs';
import { chapters, createRepositories } from './demo/story.mjs';
import { createTickets } from './demo/tickets.mjs';
import { createCleanup, ensureBuilt, ensureInstalled, registryUser, root } from './parts.mjs';

const dir = join(root, '.demo');
const screen = createScreen(process.stdout);
const { values } = parseArgs({
  options: { keep: { type: 'boolean', default: false }, stop: { type: 'boolean', default: false } },
});

async function play(stage, server) {
  const slipway = slipwayClient(server);
  const repositories = createRepositories(stage.gitHost);
  const acts = createActs({ stage, slipway, screen });
  const tickets = createTickets({ stage, slipway, screen, rows: acts.rows });
  for (const [title, chapter] of [...chapters, ...deploymentChapters]) {
    screen.chapter(title);
    await chapter(repositories, acts, { slipway, screen, tickets });
  }
  return acts.rows;
}

function summarise(rows, began) {
  screen.line(`\n${screen.paint('bold', 'Summary')}`);
  for (const line of table([['WHAT', 'SERVICE', 'DECISION', 'IMAGE', 'SECONDS'], ...rows])) screen.line(`  ${line}`);
  screen.line(`  Everything was as it should be. ${((performance.now() - began) / 1000).toFixed(0)} seconds in all.`);
}

function tellHowToReach({ dockerHost, registryHost, gitHost, users }, { url, token, secret, config }) {
  screen.line(`\n${screen.paint('bold', 'Still running')} (--keep)`);
  const lines = [
    ['Pages', `${url}/, log in with the token ${token}`],
    ['API', `${url}/docs, webhook secret ${secret}`],
    ['Configuration', config],
    ['Registry', `${registryHost}, user ${registryUser.username}, password ${registryUser.password}`],
    ['Git', `${gitHost.url}/abc/hello.git, working copies in ${gitHost.work}`],
    ['Engine', `DOCKER_HOST=${dockerHost}`],
    ['Production', users],
    ['Try', `curl -H 'Authorization: Bearer ${token}' '${url}/api/v1/builds?limit=3'`],
    ['Stop', 'npm run demo -- --stop'],
  ];
  for (const line of table(lines)) screen.line(`  ${line}`);
}

/** Ends what an interrupted demo left; a demo that is going on or was kept is not touched. */
async function clearStage() {
  const found = condition(dir);
  if (found === 'running') throw new Error('Another demo is running in this clone.');
  if (found === 'kept')
    throw new Error('The demo of an earlier --keep still runs. End it with: npm run demo -- --stop');
  await strike(dir);
}

async function demo(cleanup) {
  const began = performance.now();
  await clearStage();
  const state = openState(dir);
  cleanup.add(() => strike(dir));
  screen.chapter('Setting the stage');
  ensureInstalled(screen.say);
  ensureBuilt(screen.say);
  const stage = await setStage({
    ...{ dir, state, say: screen.say, keep: values.keep },
    interrupted: () => cleanup.interrupted(),
  });
  const server = await startSlipway(stage);
  try {
    summarise(await play(stage, server), began);
  } catch (error) {
    if (!cleanup.interrupted()) screen.line(`\nThe last lines of Slipway's log:\n${lastLines(server.log)}`);
    throw error;
  }
  if (!values.keep) {
    screen.line('\n  To see all of it in the browser: npm run demo -- --keep');
    return;
  }
  state.note({ kept: true });
  cleanup.forget();
  tellHowToReach(stage, server);
}

const cleanup = createCleanup(screen.say);
try {
  if (values.stop) await strike(dir);
  else await demo(cleanup);
} catch (error) {
  // A fault in the demo's own code is shown with its stack.
  if (!cleanup.interrupted())
    screen.failure(error instanceof NotSo || error.constructor === Error ? error.message : error.stack);
  process.exitCode = 1;
}
await cleanup.run();
