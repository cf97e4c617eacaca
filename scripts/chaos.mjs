/**
 * `npm run chaos -- SEED SECONDS`: the real server between a private engine, a registry and a git host, while pushes, calls, kills and
 * faults come in an order that follows from the seed. Then the faults end, and everything has to be right: see docs/architecture.md. The exit code is
 * 1 if something is not; the folder with data and logs is kept then.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkHeads, checkTags } from './chaos/check-heads.mjs';
import { checkHealth, checkLedger, checkLeftovers, replaySetAside } from './chaos/check-rest.mjs';
import { readRegistry } from './chaos/images.mjs';
import { planOf } from './chaos/plan.mjs';
import { createRandom } from './chaos/random.mjs';
import { createRunner, openAccount } from './chaos/run.mjs';
import { setStage } from './chaos/stage.mjs';
import { watchBuilds, whenQuiet } from './chaos/watch.mjs';
import { createCleanup, ensureBuilt, ensureInstalled } from './parts.mjs';

const say = (line) => console.log(line);
const began = performance.now();
/** Quiet before the first event, in milliseconds: the sweep at start-up has looked by then. */
const FIRST_STILL_MS = 5_000;
const seconds = () => ((performance.now() - began) / 1_000).toFixed(0);
const list = (counts) =>
  Object.entries(counts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

/** Ends every fault, and waits until nothing waits any more. */
async function calm({ stage, runner, account, wrong }) {
  await runner.settled();
  say(`${seconds()} s: the faults are over; waiting for the server to be quiet`);
  for (const one of await whenQuiet(stage.server)) wrong.push(`quiet: ${one}`);
  const replayed = await replaySetAside({ server: stage.server, account });
  if (replayed === 0) return;
  say(`${seconds()} s: asked again for ${replayed} looks that were set aside`);
  for (const one of await whenQuiet(stage.server)) wrong.push(`quiet: ${one}`);
}

/** What somebody cancelled or what was set aside stays so until it is asked for again. */
async function remedy({ context, remedies, wrong }) {
  if (remedies.length === 0) return;
  say(`${seconds()} s: retrying ${remedies.length} builds that were canceled or set aside`);
  for (const id of remedies) {
    const { status, body } = await context.server.post(`/api/v1/builds/${id}/retry`);
    if (status !== 202) wrong.push(`retry of ${id}: ${status} ${JSON.stringify(body)}`);
  }
  for (const one of await whenQuiet(context.server)) wrong.push(`quiet: ${one}`);
  const again = await checkHeads(context);
  report('heads, after retries', again, wrong);
  for (const id of again.remedies) wrong.push(`build ${id} was retried, and its branch is not right`);
}

function report(name, { checked, counts, wrong: found }, wrong) {
  const more = list(counts);
  say(`${found.length === 0 ? 'ok   ' : 'WRONG'} ${name}: ${checked} checked${more === '' ? '' : ` (${more})`}`);
  for (const one of found) wrong.push(`${name}: ${one}`);
}

async function checkAll(context, wrong) {
  const heads = await checkHeads(context);
  report('heads', heads, wrong);
  await remedy({ context, remedies: heads.remedies, wrong });
  report('tags', await checkTags(context), wrong);
  await context.watch.stop();
  report('ledger', await checkLedger(context), wrong);
  report('health', await checkHealth(context), wrong);
  report('leftovers', await checkLeftovers(context), wrong);
}

function summarise({ account, stage }) {
  say(`Done: ${list(account.counts)}`);
  say(
    `Spoilt answers: git ${list(stage.gitGate.spoilt) || 'none'}; registry ${list(stage.registryGate.spoilt) || 'none'}`,
  );
}

async function chaos({ seed, length, dir, cleanup }) {
  ensureInstalled(say);
  ensureBuilt(say);
  const stage = await setStage({ dir, cleanup, say });
  say(`${seconds()} s: the stage is set, in ${dir}`);
  const account = openAccount();
  const runner = createRunner({ stage, account, say });
  const watch = watchBuilds(stage.server);
  const plan = planOf(createRandom(seed), length);
  writeFileSync(join(dir, 'plan.json'), JSON.stringify(plan, null, 1));
  const wrong = account.wrong;
  const images = readRegistry(stage.registry.host);
  // Each service has its first images, so that what comes is decided by what changed.
  for (const one of await whenQuiet(stage.server, FIRST_STILL_MS)) wrong.push(`before the chaos: ${one}`);
  say(`${seconds()} s: the first images are there`);
  await runner.perform(plan);
  await calm({ stage, runner, account, wrong });
  summarise({ account, stage });
  await checkAll({ ...stage, stage, account, watch, images }, wrong);
  return wrong;
}

const [seed = Math.floor(Math.random() * 2 ** 31), length = 60] = process.argv.slice(2).map(Number);
if (!Number.isSafeInteger(seed) || !(length > 0)) {
  say('npm run chaos -- SEED SECONDS: two numbers');
  process.exit(2);
}
say(`Seed ${seed}, ${length} s`);
const dir = mkdtempSync(join(tmpdir(), 'slipway-chaos-'));
const cleanup = createCleanup(say);
let keep = true;
cleanup.add(() => {
  if (keep && !cleanup.interrupted()) say(`Data and logs are kept in ${dir}`);
  else rmSync(dir, { recursive: true, force: true });
});
try {
  const wrong = await chaos({ seed, length, dir, cleanup });
  for (const one of wrong) say(`  ${one}`);
  say(
    wrong.length === 0
      ? `Everything is right. ${seconds()} s in all.`
      : `${wrong.length} things are wrong. Seed ${seed}, ${length} s.`,
  );
  keep = wrong.length > 0;
} catch (error) {
  if (!cleanup.interrupted()) say(error.stack);
}
await cleanup.run();
process.exit(keep ? 1 : 0);
