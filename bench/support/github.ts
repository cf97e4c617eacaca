import { createHmac } from 'node:crypto';

/** What GitHub and Slipway share. */
export const webhookSecret = 'known-to-both';

/** One push as GitHub announces it: a body of a few kilobytes, of which Slipway reads a few fields. */
export function pushBody(repository: string, branch: string, before: string, after: string): Buffer {
  const [owner = '', name = ''] = repository.split('/');
  const account = {
    login: owner,
    id: 1001,
    avatar_url: `https://avatars.example.com/u/1001`,
    html_url: `https://git.example.com/${owner}`,
    type: 'Organization',
    site_admin: false,
  };
  const person = { name: 'Ada', email: 'ada@example.com', username: 'ada' };
  const commit = {
    id: after,
    tree_id: after,
    distinct: true,
    message: 'Change the order of payments',
    timestamp: '2024-03-01T12:00:00+01:00',
    url: `https://git.example.com/${repository}/commit/${after}`,
    author: person,
    committer: person,
    added: [],
    removed: [],
    modified: Array.from({ length: 20 }, (_, number) => `services/s1/src/main/java/abc/payments/Class${number}.java`),
  };
  const body = {
    ref: `refs/heads/${branch}`,
    before,
    after,
    created: /^0+$/.test(before),
    deleted: false,
    forced: false,
    compare: `https://git.example.com/${repository}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    repository: {
      id: 42,
      name,
      full_name: repository,
      private: true,
      owner: account,
      default_branch: 'main',
      size: 68_000,
    },
    pusher: { name: person.username, email: person.email },
    organization: account,
    sender: account,
    commits: [commit],
    head_commit: commit,
  };
  return Buffer.from(JSON.stringify(body));
}

export const signatureOf = (body: Buffer): string =>
  `sha256=${createHmac('sha256', webhookSecret).update(body).digest('hex')}`;

export function webhookHeaders(body: Buffer, deliveryId: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/1234567',
    'x-github-event': 'push',
    'x-github-delivery': deliveryId,
    'x-hub-signature-256': signatureOf(body),
  };
}
