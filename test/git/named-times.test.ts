/** A host that names the time of the next request is left alone until then, by every mirror. */
import { realClock, useGitHost } from './surroundings.js';

const on = useGitHost();
const HOUR_MS = 3_600_000;

/** A clock of its own, and a `fetch` that answers as told instead of the host. */
function surroundings() {
  let now = Date.now();
  let answer: Response | null = null;
  const clock = { ...realClock, now: () => now };
  const ask: typeof fetch = async (...request) => answer?.clone() ?? fetch(...request);
  return {
    git: on.create({ clock, fetch: ask }),
    now: () => now,
    pass: (ms: number) => void (now += ms),
    say: (status: number, headers: Record<string, string> = {}) =>
      void (answer = new Response(null, { status, headers })),
    sayNothing: () => void (answer = null),
  };
}

test.each([
  [429, 'retry-after'],
  [503, 'retry-after'],
  [403, 'retry-after'],
  [429, 'x-ratelimit-reset'],
])('%i with %s', async (status, header) => {
  const { git, now, pass, say, sayNothing } = surroundings();
  const [mirror, other] = [git.mirror('abc/app'), git.mirror('abc/other')];
  const sha = await on.repo.commit({ files: { a: '1' } });
  await mirror.remote.fetch([sha]);
  const until = Math.floor(now() / 1000) * 1000 + 2 * HOUR_MS;
  say(status, { [header]: header === 'retry-after' ? new Date(until).toUTCString() : `${until / 1000}` });
  const away = { code: 'git-unavailable', retryable: true, retryAt: until };
  await expect(mirror.remote.refs()).rejects.toMatchObject(away);
  sayNothing();
  on.host.server.requests.length = 0;
  pass(HOUR_MS);
  await expect(mirror.remote.refs()).rejects.toMatchObject(away);
  await expect(mirror.remote.fetch(['1'.repeat(40)])).rejects.toMatchObject(away);
  await expect(other.remote.refs()).rejects.toMatchObject(away);
  expect(on.host.server.requests).toEqual([]);
  await mirror.remote.fetch([sha]);
  pass(HOUR_MS);
  expect((await mirror.remote.refs()).heads.get('main')).toBe(sha);
});

test('an answer that names none is left to git, which asks at once', async () => {
  const { git, say } = surroundings();
  const sha = await on.repo.commit({ files: { a: '1' } });
  say(503);
  expect((await git.mirror('abc/app').remote.refs()).heads.get('main')).toBe(sha);
  say(404, { 'retry-after': '60' });
  expect((await git.mirror('abc/app').remote.refs()).heads.get('main')).toBe(sha);
});
