import { renderDeployment } from '../../../src/api/render-deployment.js';
import { deployStage } from '../../support/deploy-stage.js';

test('a host on which a deployment failed for good is shown as failed, and no other', async () => {
  const stage = await deployStage();
  try {
    stage.hosts.get('a')?.occupy(8080);
    const ended = await stage.deploy(1);
    expect(ended).toMatchObject({ status: 'failed', error: { code: 'port-in-use', host: 'a' } });
    const shown = (deployment: typeof ended) =>
      renderDeployment(deployment).hosts.map(({ host, state }) => `${host} ${state}`);
    expect(shown(ended).sort()).toEqual(['a failed', 'b ready']);
    // While it runs, it may still go back there.
    expect(shown({ ...ended, finishedAt: null })).toContain('a verifying');
  } finally {
    await stage.close();
  }
});
