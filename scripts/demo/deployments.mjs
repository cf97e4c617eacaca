/** The second half of the demo's story: what was built is deployed. One function a chapter; each shows what happens and asserts it. */
import { fact } from './fact.mjs';
import { deployedContainers } from './images.mjs';
import * as files from './repository-files.mjs';
import { version } from './story.mjs';
import { underLoad } from './users.mjs';

/** Builds a push of the web service. Resolves with its release. */
async function released(web, acts, tickets, { push: [contents, message], reason, expected }) {
  const before = reason === 'first-build' ? 0 : (await tickets.release()).number;
  const pushed = web.push(contents, message);
  const decisions = await acts.push(pushed, { storefront: `build ${reason}` });
  await acts.watchAll(message.toLowerCase(), decisions, { storefront: { tag: version(...expected, pushed.after) } });
  const release = await tickets.release(before);
  fact(release.commit === pushed.after, `The newest release is of commit ${release.commit}.`);
  return release;
}

/** The tag by which a release is known. */
const tagOf = ({ image }) => image.tags.find((tag) => tag !== 'main');

async function following({ web }, acts, { screen, tickets }) {
  const push = [files.webService, 'Open a storefront'];
  const { number } = await released(web, acts, tickets, { push, reason: 'first-build', expected: ['1.0.0', 1] });
  screen.say('Staging follows main: nobody has to ask for the deployment there.');
  await tickets.followed('staging', number);
  await tickets.runs({ staging: number });
}

async function ticket(_repositories, _acts, { tickets, screen }) {
  const { number } = await tickets.release();
  const { reference, requestedBy, release } = await tickets.deploy({
    ...{ environment: 'production', from: 'staging' },
    ...{ reference: 'OPS-1', reason: 'the first release' },
  });
  fact(release.number === number, `Release ${release.number} was deployed, staging has ${number}.`);
  fact(reference === 'OPS-1', `The deployment has the reference ${reference}.`);
  screen.say(`Asked for by ${requestedBy}. Production runs what was verified in staging:`);
  await tickets.runs({ staging: number, production: number });
}

/** Says what users got. Behind a balancer none of them waits in vain; on a single host they meet the moment between two containers. */
function show({ asked, perSecond, answers, lost }, { tickets, screen }, replaced) {
  const got = [...answers].map(([answer, count]) => `${count} × ${answer}`).join(', ');
  screen.say(`${asked} requests at ${tickets.stage.users}, ${perSecond} a second: ${got}. Lost: ${lost.length}.`);
  fact(asked >= perSecond, `Users asked ${asked} times only.`);
  const isBalanced = tickets.stage.environments.production.balancer !== undefined;
  if (isBalanced || !replaced) fact(lost.length === 0, `Requests were lost: ${lost.slice(0, 3).join(', ')}`);
  else screen.say('(One host without a balancer: what was lost met the moment between the two containers.)');
}

async function underUsers({ web }, acts, { screen, tickets }) {
  const old = await tickets.release();
  const push = [files.newVersion, 'Take orders'];
  const next = await released(web, acts, tickets, { push, reason: 'included-path-changed', expected: ['1.1.0', 2] });
  await tickets.followed('staging', next.number);
  screen.say('Users ask production for its version all the time, while the ticket is worked on.');
  const { users } = await underLoad(tickets.stage.users, () =>
    tickets.deploy({
      ...{ environment: 'production', from: 'staging' },
      ...{ reference: 'OPS-2', reason: 'customers want to order' },
    }),
  );
  show(users, { tickets, screen }, true);
  const both = [tagOf(old), tagOf(next)];
  fact(
    both.every((tag) => users.answers.has(tag)) && users.answers.size === 2,
    `Users got ${[...users.answers.keys()].join(', ')}, expected first ${both.join(', then ')}.`,
  );
  await tickets.runs({ staging: next.number, production: next.number });
}

async function runFileAlone({ web }, acts, { screen, tickets }) {
  const [before, builds] = [await tickets.release(), await acts.buildCount()];
  const pushed = web.push(files.moreMemory.files, 'Give it more memory');
  const decisions = await acts.push(pushed, { storefront: 'skip only-run-file-changed' });
  await acts.watchAll('more memory', decisions, {});
  const release = await tickets.release(before.number);
  fact(release.image.digest === before.image.digest, 'A release of a run file alone has another image.');
  fact((await acts.buildCount()) === builds, 'A push of a run file alone started a build.');
  screen.say(
    `Nothing was built. Release ${release.number} is the image of release ${before.number} with a run file of its own.`,
  );
  await tickets.followed('staging', release.number);
  await tickets.deploy({
    ...{ environment: 'production', from: 'staging' },
    ...{ reference: 'OPS-3', reason: 'more memory' },
  });
  const production = await running(tickets.stage, 'production');
  const memory = production.map(({ HostConfig }) => HostConfig.Memory / 2 ** 20);
  fact(
    memory.length > 0 && memory.every((megabytes) => megabytes === files.moreMemory.megabytes),
    `The containers of production may use ${memory.join(' and ')} MiB.`,
  );
  screen.say(`The engines say of the containers of production: ${memory.join(' and ')} MiB.`);
  await tickets.runs({ staging: release.number, production: release.number });
}

/** The running containers of an environment, as its engines know them. */
async function running({ environments, instance }, environment) {
  const { hosts } = environments[environment];
  const all = await Promise.all(hosts.map(({ dockerHost }) => deployedContainers(dockerHost, environment, instance)));
  return all.flat();
}

async function badImage({ web }, acts, { screen, tickets }) {
  const good = await tickets.release();
  const push = [files.badVersion, 'Take other orders'];
  const bad = await released(web, acts, tickets, { push, reason: 'included-path-changed', expected: ['1.2.0', 4] });
  screen.say('The container of this release says another version. Users are asking while it is tried.');
  const given = { environment: 'production', branch: 'main', reference: 'OPS-4', reason: 'it worked on my machine' };
  const isBalanced = tickets.stage.environments.production.balancer !== undefined;
  const { users } = await underLoad(tickets.stage.users, async () => {
    const staging = tickets.followed('staging', bad.number, 'rolled-back version-mismatch');
    if (isBalanced) await Promise.all([staging, tickets.deploy(given, 'failed version-mismatch')]);
    else await staging.then(() => tickets.refused(given, 'release-not-verified'));
  });
  show(users, { tickets, screen }, false);
  fact(
    users.answers.size === 1 && users.answers.has(tagOf(good)),
    `Users got ${[...users.answers.keys()].join(', ')}.`,
  );
  await tickets.runs({ staging: good.number, production: good.number });
}

async function whereIsIt(_repositories, _acts, { screen, tickets }) {
  const { commit } = await tickets.release();
  screen.say(`“I have pushed ${commit.slice(0, 7)}. Why is it not in production?”`);
  const environments = await tickets.where(commit);
  for (const { environment, runs, reason } of environments)
    screen.say(`  ${environment}: ${runs}. ${reason.code}: ${reason.message.split('\n').join(' / ')}`);
  const production = environments.find(({ environment }) => environment === 'production');
  fact(production?.runs === 'no', `Production says of ${commit}: ${production?.runs}.`);
}

export const deploymentChapters = [
  ['The first image of a web service; staging follows main', following],
  ['A ticket takes it from staging to production', ticket],
  ['A new version, while users ask for it', underUsers],
  ['A push that changes the run file alone', runFileAlone],
  ['A bad image', badImage],
  ['A commit that is not in production', whereIsIt],
];
