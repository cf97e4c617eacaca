import { parseSshAddress } from '../../../src/tunnel/ssh-address.js';
import { sshArguments } from '../../../src/tunnel/ssh-command.js';

const usual = '/var/run/docker.sock';

test.each([
  ['ssh://deploy@10.0.0.11', { user: 'deploy', host: '10.0.0.11', port: null, socket: usual }],
  ['ssh://web-1', { user: null, host: 'web-1', port: null, socket: usual }],
  ['ssh://a@web.example:2222/', { user: 'a', host: 'web.example', port: 2222, socket: usual }],
  ['ssh://[fe80::1]:22', { user: null, host: 'fe80::1', port: 22, socket: usual }],
  ['ssh://a@b/run/user/1000/docker.sock', { user: 'a', host: 'b', port: null, socket: '/run/user/1000/docker.sock' }],
])('%s', (text, address) => {
  expect(parseSshAddress(text)).toEqual(address);
});

test.each([
  'ssh://',
  'ssh://a:secret@b',
  'ssh://-oProxyCommand=x',
  'ssh://-oProxyCommand@b',
  'ssh://a@b/x:/etc/passwd',
  'ssh://a@b/x%20y',
  'ssh://a@b?x',
  'tcp://b',
  'b',
])('%s is refused', (text) => {
  expect(() => parseSshAddress(text)).toThrow(expect.objectContaining({ code: 'invalid-configuration' }));
});

test('a password is not repeated in the message', () => {
  expect(() => parseSshAddress('ssh://a:secret@b')).toThrow(/^(?!.*secret)/);
});

test('ssh forwards one socket, never asks, and takes no unknown host', () => {
  const args = sshArguments(parseSshAddress('ssh://me@web:22'), '/t/a.sock', '/c');
  expect(args.join(' ')).toMatch(/^-N -T -F \/c -o BatchMode=yes -o StrictHostKeyChecking=yes /);
  expect(args.join(' ')).toMatch(/ -L \/t\/a\.sock:\/var\/run\/docker\.sock -l me -p 22 -- web$/);
});
