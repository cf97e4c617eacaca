/** What GitHub is sent about pushes, builds and pull requests. */
import { generateKeyPairSync } from 'node:crypto';
import { useFakeStage } from '../../support/fake-stage.js';
import { startFakeGithub, type FakeGithub } from '../../support/fake-github.js';
import { leapClock, type LeapClock } from '../../support/leap-clock.js';
import { SECRET } from '../../support/slipway.js';

const open = useFakeStage();
let clock: LeapClock;
let github: FakeGithub;
beforeEach(() => {
  clock = leapClock();
});
afterEach(() => github.close());

const publicUrl = 'https://images.test';
const stageWith = (its: object, more: object = {}) =>
  open({
    clock,
    services: {
      app: {
        repository: 'abc/app',
        version: { value: '1.0' },
        includedRegions: ['src/**'],
        excludedRegions: ['**/*.md'],
      },
      other: { repository: 'abc/app', path: 'other', version: { value: '1.0' } },
    },
    config: {
      server: { listen: '127.0.0.1:0', dataDir: './data', publicUrl },
      github: { webhookSecrets: [SECRET], apiUrl: github.url, ...its },
      ...more,
    },
  });
const files = {
  Dockerfile: 'FROM scratch\nCOPY src /\n',
  'src/a': '1',
  'other/Dockerfile': 'FROM scratch\nCOPY . /\n',
};
const token = { token: 'ghp_token' };

describe('with a token', () => {
  beforeEach(async () => {
    github = await startFakeGithub({ now: clock.now });
  });
  const at = (sha: string) =>
    new Map(github.statuses.filter((one) => one.sha === sha).map((one) => [one.context, one]));

  test('each service of a commit ends with a status that leads to the page which explains it', async () => {
    const stage = await stageWith(token);
    await stage.push(files);
    await stage.slipway.quiet();
    const first = await stage.tip();
    await stage.until('both', async () => at(first).size === 2);
    const [build] = await stage.builds('&service=app');
    expect(at(first).get('slipway/app')).toMatchObject({
      state: 'success',
      target_url: `${publicUrl}/builds/${build?.id}`,
    });
    await stage.push({ 'src/x.md': '1' });
    await stage.slipway.quiet();
    const second = await stage.tip();
    await stage.until('both again', async () => at(second).size === 2);
    expect(at(second).get('slipway/app')).toMatchObject({
      ...{ state: 'success', description: expect.stringContaining('excluded') },
      target_url: `${publicUrl}/services/app/why/${second}`,
    });
    expect(github.statuses.some(({ state }) => state === 'pending')).toBe(false);
    expect(github.refused).toEqual([]);
  });

  test('a build that takes longer than five seconds is shown as pending until it ends', async () => {
    const stage = await stageWith(token);
    stage.hold();
    const decisions = await stage.push(files);
    await stage.underway(decisions.slice(0, 1));
    clock.leap(5_000);
    await stage.until('the first', async () => github.last().get('slipway/app')?.state === 'pending');
    await stage.release();
    await stage.until('the end', async () => github.last().get('slipway/app')?.state === 'success');
  });

  test('what was decided and not sent is sent after a restart', async () => {
    const stage = await stageWith(token);
    await github.close();
    await stage.push(files);
    await stage.slipway.quiet();
    await stage.slipway.stop();
    github = await startFakeGithub({ now: clock.now });
    await stage.slipway.start({
      server: { listen: '127.0.0.1:0', dataDir: './data', publicUrl },
      github: { webhookSecrets: [SECRET], apiUrl: github.url, ...token },
    });
    clock.leap(60_000);
    await stage.until('both', async () => github.last().size === 2);
  });

  test('a delivery that fails leaves no required check waiting', async () => {
    const stage = await stageWith(token);
    await stage.push(files);
    await stage.slipway.quiet();
    const id = await stage.slipway.deliver('abc/app', 'main', { after: '9'.repeat(40) }, 'failing');
    // What it was planned as must not come after it.
    await stage.slipway.decisions(id);
    await stage.slipway.running.store.deliveries.settle(id, 'failed', 'internal: It broke.');
    stage.slipway.running.events.publish({ type: 'delivery', id, status: 'failed' });
    await stage.until('an error each', async () => {
      const states = [...at('9'.repeat(40)).values()].map(({ state, context }) => `${state} ${context}`);
      return states.length === 2 && states.every((one) => one.startsWith('error slipway/'));
    });
  });

  describe('a pull request', () => {
    test('gets the plan of its head, and nothing is built', async () => {
      const stage = await stageWith(token);
      await stage.push(files);
      await stage.slipway.quiet();
      const base = await stage.tip();
      const before = (await stage.builds()).length;
      await stage.repo.commit({ files: { 'other/a': '2' }, branch: 'unseen', parents: [base] });
      const head = (await stage.repo.tip('unseen')) ?? '';
      // The branch that it is for has moved on: only what the pull request itself changes counts.
      await stage.push({ 'src/a': '3' });
      await stage.slipway.quiet();
      expect(base).not.toBe(await stage.tip());
      expect(await stage.slipway.pullRequest('pr-1', head, { body: 'é'.repeat(65_000) })).toBe('accepted');
      await stage.until('the plan', async () => at(head).has('slipway/plan'));
      expect(at(head).get('slipway/plan')).toMatchObject({
        ...{ state: 'success', description: 'Would rebuild 1 of 2 services: other.' },
        target_url: `${publicUrl}/deliveries?repository=abc%2Fapp&commit=${head}`,
      });
      const delivery = await stage.slipway.get('/api/v1/deliveries/pr-1');
      expect(delivery).toMatchObject({
        ...{ event: 'pull_request', branch: 'main', status: 'planned', decisions: [] },
        reason: 'Would rebuild 1 of 2 services: other.',
      });
      expect((await stage.builds()).filter(({ commit }) => commit === head)).toEqual([]);
      expect((await stage.builds()).length).toBe(before + 1);
    });

    test('whose commit is not shown yet is looked at again, and fails once it has been awaited in vain', async () => {
      const stage = await stageWith(token);
      await stage.push(files);
      await stage.slipway.quiet();
      await stage.slipway.pullRequest('pr-1', '8'.repeat(40));
      const status = async () => (await stage.slipway.get<{ status: string }>('/api/v1/deliveries/pr-1')).status;
      for (let minute = 0; minute < 15 && (await status()) === 'accepted'; minute += 1) {
        await stage.slipway.quiet();
        clock.leap(61_000);
      }
      await stage.until('it to fail', async () => (await status()) === 'failed');
      await stage.until('an error', async () => at('8'.repeat(40)).get('slipway/plan')?.state === 'error');
    });

    test.each([
      ['closed', {}, 'ignored action-not-used'],
      ['opened', { pullRequests: 'off' }, 'ignored pull-requests-off'],
      ['opened', { pullRequests: false }, 'ignored pull-requests-off'],
    ])('that was %s with %j is %s', async (action, its, answer) => {
      const stage = await stageWith({ ...token, ...its });
      expect(await stage.slipway.pullRequest('pr-1', '8'.repeat(40), { action })).toBe(answer);
    });

    test('for a branch that does not exist, or of a repository without services, is ignored', async () => {
      const stage = await stageWith(token);
      await stage.push(files);
      await stage.slipway.pullRequest('pr-1', await stage.tip(), { branch: 'gone' });
      await stage.until('it to be ignored', async () => {
        const delivery = await stage.slipway.get<{ status: string; reason: string }>('/api/v1/deliveries/pr-1');
        return delivery.status === 'ignored' && delivery.reason === 'ref-not-found';
      });
    });
  });
});

describe('with an App', () => {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const app = { app: { id: 12, privateKey: pair.privateKey.replaceAll('\n', '\\n') } };
  beforeEach(async () => {
    github = await startFakeGithub({ now: clock.now, app: { id: 12, publicKey: pair.publicKey } });
  });

  test('there is one check run of a commit, with a table of its services, which is updated', async () => {
    const stage = await stageWith(app);
    stage.fakes.engine.hold();
    const decisions = await stage.push(files);
    await stage.underway(decisions.slice(0, 1));
    clock.leap(6_000);
    await stage.until('it to begin', async () => github.checks()[0]?.status === 'in_progress');
    await stage.release();
    clock.leap(2_000);
    await stage.until('it to end', async () => github.checks()[0]?.conclusion === 'success');
    const [check, ...others] = github.checks();
    expect(others).toEqual([]);
    expect(check).toMatchObject({ head_sha: await stage.tip(), output: { title: '2 built' } });
    expect(check?.output.summary).toMatch(/^\| Service \| State \| Why \|\n.*\n\| \[app\]\(https:.*\) \| built \| /);
    expect(github.statuses).toEqual([]);
    expect(github.refused).toEqual([]);
  });

  test('the plan of a pull request is a section of the check run of its head', async () => {
    const stage = await stageWith(app);
    await stage.push(files);
    await stage.slipway.quiet();
    const base = await stage.tip();
    await stage.repo.commit({ files: { 'other/a': '2' }, branch: 'unseen', parents: [base] });
    const head = (await stage.repo.tip('unseen')) ?? '';
    await stage.slipway.pullRequest('pr-1', head);
    await stage.until('the plan', async () => github.checks().some((check) => check.head_sha === head));
    const check = github.checks().find((one) => one.head_sha === head);
    expect(check).toMatchObject({ conclusion: 'neutral', output: { title: 'Would rebuild 1 of 2 services: other.' } });
    expect(check?.output.summary).toContain('**Plan of #7 for main.**');
    expect(check?.output.summary).toMatch(/\| other \| rebuilds \| .*\n\| app \| nothing to build \|/);
  });

  test('a key that is not a private key is logged, and no build fails', async () => {
    const stage = await stageWith({ app: { id: 12, privateKey: 'no key' } });
    await stage.push(files);
    await stage.slipway.quiet();
    clock.leap(2_000);
    await stage.until('the log to say so', async () =>
      stage.slipway.log.lines.some(({ message }) => message.includes('github.app.privateKey cannot be used')),
    );
    expect(await stage.builds()).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded' }]);
  });
});
