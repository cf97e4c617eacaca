/** The demo's story, one function a chapter. Each shows what happens and asserts it. */
import { fact } from './fact.mjs';
import * as files from './repository-files.mjs';
import { createRepository } from './repositories.mjs';

const short = (commit) => commit.slice(0, 7);
export const version = (number, count, commit, more = '') =>
  new RegExp(`^${number.replaceAll('.', '\\.')}-${count}-${short(commit)}${more}$`);

/** Makes the repositories. The chapters notify Slipway of each first push, except that of the central dockerfiles. */
export function createRepositories(gitHost) {
  const make = (name) => createRepository(gitHost, name);
  const all = {
    hello: make('abc/hello'),
    shop: make('abc/shop'),
    java: make('abc/java-service'),
    web: make('abc/storefront'),
    central: make('abc/dockerfiles'),
  };
  all.central.push(files.centralDockerfiles(), 'Add the central dockerfiles');
  return all;
}

async function firstPush({ hello }, acts) {
  const pushed = hello.push(files.application, 'Say hello');
  const decisions = await acts.push(pushed, { hello: 'build first-build' });
  const expected = { tag: version('1.0.0', 1, pushed.after), prints: 'Hello from hello 1.0.0' };
  await acts.watchAll('first push', decisions, { hello: expected });
}

async function monorepo({ shop }, acts) {
  const pushed = shop.push(files.monorepo, 'Open the shop');
  const decisions = await acts.push(pushed, { cart: 'build first-build', orders: 'build first-build' });
  await acts.watchAll('first push', decisions, {
    cart: { tag: version('2.1.0', 1, pushed.after), prints: 'Hello from cart' },
    orders: { tag: version('3.0.1', 1, pushed.after), prints: 'Hello from orders' },
  });
}

async function oneOfTwo({ shop }, acts) {
  const pushed = shop.push(files.cartChange, 'Take vouchers');
  const decisions = await acts.push(pushed, {
    cart: 'build included-path-changed',
    orders: 'skip no-included-path-changed',
  });
  const expected = { tag: version('2.1.0', 2, pushed.after), prints: 'Hello from cart, with vouchers' };
  await acts.watchAll('push to cart', decisions, { cart: expected });
}

async function documentation({ hello }, acts) {
  const before = await acts.buildCount();
  const pushed = hello.push(files.documentation, 'Describe how to use it');
  await acts.watchAll('push of documents', await acts.push(pushed, { hello: 'skip only-excluded-paths-changed' }), {});
  fact((await acts.buildCount()) === before, 'A push of documents alone started a build.');
}

async function packaging({ central }, acts) {
  const before = await acts.buildCount();
  const decisions = await acts.push(central.push(files.centralChange, 'Say that orders is starting'), {
    orders: 'build packaging-changed',
  });
  const expected = { tag: /^3\.0\.1-1-[0-9a-f]{7}-r2$/, prints: 'Orders is starting\nHello from orders' };
  await acts.watchAll(
    'central dockerfiles',
    decisions.filter(({ decision }) => decision === 'build'),
    { orders: expected },
  );
  fact(
    (await acts.buildCount()) === before + 1,
    'A change of one central Dockerfile must rebuild exactly one service.',
  );
}

async function jenkins({ java }, acts, { slipway, screen }) {
  const pushed = java.push(files.javaService, 'Say hello in Java');
  await acts.watchAll('push', await acts.push(pushed, { 'java-service': 'skip waiting-for-artifact' }), {});
  screen.say('Jenkins has built the jar and sends it.');
  const answer = await slipway.sendArtifact({
    service: 'java-service',
    commit: pushed.after,
    name: 'app.jar',
    content: files.jar,
  });
  const { id } = await answer.json();
  fact(answer.status === 202, `Jenkins was answered ${answer.status}.`);
  fact(
    answer.headers.get('location')?.endsWith(`/builds/${id}`),
    'The answer to Jenkins does not say where its build is.',
  );
  const expected = { tag: version('4.2.0', 1, pushed.after), prints: 'Hello from app.jar, as Jenkins sent it' };
  await acts.watch('Jenkins sends a jar', { buildId: id, service: 'java-service' }, expected);
}

async function manual(_repositories, acts, { slipway }) {
  const answer = await slipway.call('POST', '/rebuild/hello', { body: {} });
  const { id, reason } = await answer.json();
  fact(reason.code === 'forced', `A manual rebuild has the reason ${reason.code}.`);
  const expected = { tag: /^1\.0\.0-2-[0-9a-f]{7}$/, prints: 'Hello from hello 1.0.0' };
  await acts.watch('manual rebuild', { buildId: id, service: 'hello' }, expected);
}

export const chapters = [
  ['A first push to a repository with its own Dockerfile', firstPush],
  ['A first push to a monorepo of two services; the Dockerfile of orders is a central one', monorepo],
  ['A push of documents alone', documentation],
  ['A push to the central dockerfiles', packaging],
  ['A push that changes one service of the monorepo', oneOfTwo],
  ['A service whose jar comes from Jenkins', jenkins],
  ['A manual rebuild', manual],
];
