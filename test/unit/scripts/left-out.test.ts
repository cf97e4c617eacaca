import { partsOrReason } from '../../../scripts/parts/left-out.mjs';

const engine = { dockerHost: 'unix:///run/docker.sock' };
const away = () => Promise.reject(new Error('No Docker Engine answers.'));

describe('the parts that some tests need', () => {
  test('are given', async () => {
    const got = await partsOrReason(() => Promise.resolve(engine), { wanted: false, env: {} });
    expect(got).toEqual({ parts: engine, leftOut: null });
  });

  test('have a reason where they are missing', async () => {
    const got = await partsOrReason(away, { wanted: false, env: {} });
    expect(got).toEqual({ parts: null, leftOut: 'No Docker Engine answers.' });
  });

  test.each([
    ['in CI', { wanted: false, env: { CI: 'true' } }],
    ['where they were asked for by name', { wanted: true, env: {} }],
  ])('must be there %s', async (_, options) => {
    await expect(partsOrReason(away, options)).rejects.toThrow('No Docker Engine answers.');
  });
});
