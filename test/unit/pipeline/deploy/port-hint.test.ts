/** A port that the engine says to be taken when a container starts. */
import { must } from '../../../support/app.js';
import { deployStage, imageOf, kept, never, type DeployStage } from '../../../support/deploy-stage.js';
import type { FakeHost } from '../../../support/fake-host.js';

let stage: DeployStage;
let a: FakeHost;
beforeEach(async () => {
  stage = await deployStage();
  a = must(stage.hosts.get('a'));
});
afterEach(() => stage.close());

const hint = 'until the engine is restarted once more';

/** Deploys, with something that happens right before the container starts. */
async function messageAfter(happens: () => Promise<unknown>): Promise<string> {
  const { start } = a.controls;
  const first = async (id: string) => {
    Object.assign(a.controls, { start });
    await happens();
    return start(id);
  };
  Object.assign(a.controls, { start: first });
  const { error } = await stage.deploy(1);
  expect(error).toMatchObject({ code: 'port-in-use', host: 'a' });
  return error?.message ?? '';
}

test('if nobody is seen to have it, the message says that the engine may keep it', async () => {
  const message = await messageAfter(async () => a.occupy(8080));
  expect(message).toContain('port 8080 is already allocated. Nobody is seen to have it.');
  expect(message).toContain(hint);
});

test('if a program answers there, it does not', async () => {
  const message = await messageAfter(async () => {
    a.occupy(8080);
    stage.answering.add('127.0.0.1:8080');
  });
  expect(message).not.toContain(hint);
});

test('if a container has it, it does not', async () => {
  a.offer(imageOf(9, 'other'));
  const message = await messageAfter(async () => {
    await a.images.pull(imageOf(9, 'other'), null, never);
    const { id } = await a.containers.create({
      ...{ name: 'legacy', image: imageOf(9, 'other'), labels: {}, parameters: kept(1).parameters, publish: null },
      ...{ takeOver: [], restart: { name: 'always', maxRetries: 0 } },
    });
    await a.controls.start(id);
  });
  expect(message).not.toContain(hint);
});

test('if the host cannot be asked, it does not', async () => {
  const message = await messageAfter(async () => {
    a.occupy(8080);
    a.fail('list', 'engine-error', 2);
  });
  expect(message).not.toContain(hint);
});
