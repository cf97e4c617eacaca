import { readState, readSummary } from '../../../../src/hosts/messages/container-state.js';

const never = '0001-01-01T00:00:00Z';
const [started, ended] = ['2026-11-29T10:00:00.5Z', '2026-11-29T10:05:00Z'];
const state = (State: object, RestartCount = 0) => readState({ State, RestartCount });

test.each([
  [
    'a container that was never started',
    { Status: 'created', StartedAt: never, FinishedAt: never, ExitCode: 0 },
    { status: 'created', startedAt: null, lastExit: null, health: null },
  ],
  [
    'one that runs, whose exit code reads 0',
    { Status: 'running', StartedAt: started, FinishedAt: ended, ExitCode: 0, Health: { Status: 'healthy' } },
    { status: 'running', startedAt: Date.parse(started), lastExit: null, health: 'healthy' },
  ],
  [
    'one between two ends of a crash loop',
    { Status: 'restarting', StartedAt: started, FinishedAt: ended, ExitCode: 1 },
    { status: 'restarting', lastExit: { code: 1, oom: false, at: Date.parse(ended) } },
  ],
  [
    'one that was ended for its memory',
    { Status: 'exited', StartedAt: started, FinishedAt: ended, ExitCode: 137, OOMKilled: true },
    { status: 'exited', lastExit: { code: 137, oom: true, at: Date.parse(ended) } },
  ],
  ['one without a health check', { Status: 'running', Health: { Status: 'none' } }, { health: null }],
])('%s', (_what, seen, expected) => {
  expect(state(seen)).toMatchObject(expected);
});

test('how often the engine started it again', () => {
  expect(state({ Status: 'running' }, 4).restarts).toBe(4);
});

test('an entry of a list: exposed ports are not bound, and labels that are not texts do not count', () => {
  const seen = {
    Id: 'a',
    Names: ['/web', '/other/web'],
    Image: 'i',
    ImageID: 'sha256:1',
    State: 'running',
    Created: 1_700_000_000,
    Labels: { a: 'b', c: 1 },
    Ports: [
      { PrivatePort: 80, Type: 'tcp' },
      { IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
      { IP: '0.0.0.0', PrivatePort: 81, PublicPort: 8081, Type: 'odd' },
    ],
  };
  expect(readSummary(seen)).toEqual({
    id: 'a',
    name: 'web',
    image: 'i',
    imageId: 'sha256:1',
    labels: { a: 'b' },
    status: 'running',
    ports: [{ hostIp: '0.0.0.0', hostPort: 8080, containerPort: 80, protocol: 'tcp' }],
    createdAt: 1_700_000_000_000,
  });
});
