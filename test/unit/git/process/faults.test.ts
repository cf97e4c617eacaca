import { faultOf, headline, networkError } from '../../../../src/git/process/faults.js';

const outcome = (complaint: string, code: number | null = 128, timedOut = false) => ({
  code,
  stdout: Buffer.alloc(0),
  complaint,
  timedOut,
});

describe('what git complains of', () => {
  test.each([
    ['other', "fatal: unable to access 'http://h/a.git/': Could not resolve host: h"],
    ['other', "fatal: unable to access 'http://h/a.git/': The requested URL returned error: 503"],
    ['other', 'ssh: connect to host h port 22: Connection refused\nfatal: Could not read from remote repository.'],
    ['other', 'error: RPC failed; curl 28 Operation too slow\nfatal: expected flush after ref listing'],
    ['unauthorized', "fatal: unable to access 'http://h/a.git/': The requested URL returned error: 403"],
    ['unauthorized', "fatal: could not read Username for 'https://h': terminal prompts disabled"],
    ['unauthorized', "remote: Repository not found.\nfatal: repository 'https://h/a.git/' not found"],
    ['unauthorized', 'git@h: Permission denied (publickey).\nfatal: Could not read from remote repository.'],
    [
      'unauthorized',
      "fatal: '/srv/a.git' does not appear to be a git repository\nfatal: Could not read from remote repository.",
    ],
    ['refused', 'fatal: remote error: upload-pack: not our ref 1234'],
    ['refused', 'error: Server does not allow request for unadvertised object 1234'],
    [
      'locked',
      "error: cannot lock ref 'refs/heads/main': Unable to create '/m/a.git/refs/heads/main.lock': File exists.",
    ],
    ['raced', "error: cannot lock ref 'refs/heads/main': is at 1234 but expected 5678"],
    ['corrupt', "fatal: not a git repository: '/m/a.git'"],
    [
      'corrupt',
      'error: object file objects/12/34 is empty\nfatal: loose object 1234 (stored in objects/12/34) is corrupt',
    ],
    ['corrupt', 'fatal: bad object refs/heads/main'],
    ['other', 'fatal: bad object 1234567890123456789012345678901234567890'],
    ['other', 'remote: fatal: bad object refs/heads/main\nfatal: the remote end hung up unexpectedly'],
    ['other', ''],
  ])('is %s: %s', (kind, complaint) => {
    expect(faultOf(outcome(complaint))?.kind).toBe(kind);
  });

  test('names the lock file in the way', () => {
    expect(faultOf(outcome("Unable to create '/m/a b.git/packed-refs.lock': File exists."))?.lock).toBe(
      '/m/a b.git/packed-refs.lock',
    );
  });

  test('is nothing if git ended well, unless it met damage', () => {
    expect(faultOf(outcome('warning: redirecting', 0))).toBeNull();
    expect(faultOf(outcome('error: file x.pack is far too short to be a packfile', 0))?.kind).toBe('corrupt');
  });

  test('is named by its fatal line', () => {
    expect(headline('warning: x\nerror: y\nfatal: z\nmore')).toBe('z');
    expect(headline('warning: x\nerror: y')).toBe('y');
    expect(headline('\n')).toBe('git said nothing');
  });

  test('is git-unavailable where time ran out', () => {
    expect(networkError('Fetching', outcome('', null, true))).toMatchObject({
      code: 'git-unavailable',
      message: expect.stringContaining('too long'),
    });
  });
});
