import { serverChecks, type System } from '../../../src/cli/doctor/server-checks.js';

const time = (text: string) => new Date(text).getTime();
const of = (webhooks: System['webhooks']) =>
  serverChecks({ checks: [], webhooks } as unknown as System, time('2026-01-01T00:05:00Z'));

test('webhooks that were never heard are counted, and some are named', () => {
  const repositories = [
    { repository: 'abc/heard', lastHeardAt: '2026-01-01T00:00:00Z' },
    ...'123456'.split('').map((number) => ({ repository: `abc/${number}`, lastHeardAt: null })),
  ];
  expect(of({ repositories, refused: [] })).toMatchObject([
    {
      ...{ name: 'webhooks', state: 'note' },
      message: '6 of 7 repositories were never heard: abc/1; abc/2; abc/3; abc/4; abc/5; and 1 more',
      remedy: expect.stringContaining('Look at the webhook of each at GitHub'),
    },
  ]);
});

test('the last request that was refused', () => {
  const refused = [
    { code: 'invalid-signature', at: '2026-01-01T00:03:00Z' },
    { code: 'invalid-payload', at: '2026-01-01T00:01:00Z' },
  ];
  expect(of({ repositories: [], refused })).toMatchObject([
    {
      ...{ name: 'refused', state: 'note' },
      message: 'a request to the webhook was refused 2 min ago: invalid-signature',
      remedy: expect.stringContaining('github.webhookSecrets'),
    },
  ]);
});

test('nothing to say of webhooks that are heard', () => {
  expect(of({ repositories: [{ repository: 'abc/a', lastHeardAt: '2026-01-01T00:00:00Z' }], refused: [] })).toEqual([]);
});
