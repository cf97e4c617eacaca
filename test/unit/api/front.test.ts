import { version } from '../../../src/version.js';
import { openTestApp, type TestApp } from '../../support/app.js';

let server: TestApp;
beforeAll(async () => {
  server = await openTestApp();
});
afterAll(() => server.close());

const places = { docs: '/docs', openapi: '/openapi.json', ready: '/readyz' };
const front = (accept?: string) => server.app.inject({ url: '/', headers: accept === undefined ? {} : { accept } });

describe('the front page', () => {
  test('says without a token what this is and where the documents are', async () => {
    const answer = await front();
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    expect(answer.json()).toEqual({ name: 'Slipway', version, about: expect.stringContaining('image'), ...places });
  });

  test('says so to a browser as a page with a link to each of them', async () => {
    const answer = await front('text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8');
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.body).toContain(`Slipway ${version}`);
    for (const place of Object.values(places)) expect(answer.body).toContain(`<a href="${place}">`);
  });

  test.each(['*/*', 'application/json', 'application/json, text/html', 'text/html;q=0, */*', 'nonsense'])(
    'is JSON for those who accept %s',
    async (accept) => {
      expect((await front(accept)).json()).toMatchObject(places);
    },
  );

  test('is not to be kept as one form for those who want the other', async () => {
    expect((await front()).headers['vary']).toBe('accept');
  });
});
