/** A client that follows the stream of events hears of every step of a build's life. */
import { TOKEN } from '../../support/api-client.js';
import { dockerfile, useFakeStage, type FakeStage } from '../../support/fake-stage.js';

const open = useFakeStage();

/** What is reported of builds from now on. */
async function follow({ slipway: { running } }: FakeStage) {
  const address = await running.app.listen({ port: 0, host: '127.0.0.1' });
  const response = await fetch(`${address}/api/v1/events`, { headers: { authorization: `Bearer ${TOKEN}` } });
  let text = '';
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
  };
  // The stream ends with the server, however that ends.
  read().catch(() => undefined);
  return {
    statuses: () => [...text.matchAll(/^event: build\ndata: .*"status":"(\w+)"/gm)].map(([, status]) => status),
  };
}

test('a build that succeeds', async () => {
  const stage = await open();
  const changes = await follow(stage);
  await stage.push({ 'docker/Dockerfile': dockerfile });
  await stage.slipway.quiet();
  await stage.until('its end to be reported', async () => changes.statuses().length >= 3);
  expect(changes.statuses()).toEqual(['queued', 'running', 'succeeded']);
});

test('one that has to wait for the engine', async () => {
  const stage = await open();
  const changes = await follow(stage);
  stage.hold();
  const pushed = await stage.push({ 'docker/Dockerfile': dockerfile });
  await stage.underway(pushed);
  stage.fakes.engine.setAway(true);
  await stage.until('it to wait again', async () => changes.statuses().length >= 3);
  expect(changes.statuses().slice(0, 3)).toEqual(['queued', 'running', 'queued']);
  stage.fakes.engine.setAway(false);
  stage.fakes.engine.release();
  await stage.until('it to end', async () => {
    stage.clock.leap(60_000);
    return changes.statuses().includes('succeeded');
  });
  expect(changes.statuses().slice(-2)).toEqual(['running', 'succeeded']);
});
