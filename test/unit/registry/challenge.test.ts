import fc from 'fast-check';
import { parseChallenges } from '../../../src/registry/challenge.js';

const plain = (header: string) =>
  parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

describe('a WWW-Authenticate header', () => {
  test.each([
    ['Basic realm="private registry"', [['basic', { realm: 'private registry' }]]],
    ['basic', [['basic', {}]]],
    ['Basic REALM = unquoted', [['basic', { realm: 'unquoted' }]]],
    [
      'Bearer realm="https://auth.test/token",service="registry.test",scope="repository:abc/app:pull,push"',
      [
        [
          'bearer',
          { realm: 'https://auth.test/token', service: 'registry.test', scope: 'repository:abc/app:pull,push' },
        ],
      ],
    ],
    [
      'Negotiate, Bearer realm="a", error="invalid_token", Basic realm="b"',
      [
        ['negotiate', {}],
        ['bearer', { realm: 'a', error: 'invalid_token' }],
        ['basic', { realm: 'b' }],
      ],
    ],
    [
      'NTLM TlRMTVNTUAAB==, Basic realm="b"',
      [
        ['ntlm', {}],
        ['basic', { realm: 'b' }],
      ],
    ],
    ['Basic realm="say \\"x\\", Bearer y"', [['basic', { realm: 'say "x", Bearer y' }]]],
    [', ,Basic realm="a", ,', [['basic', { realm: 'a' }]]],
    ['', []],
    ['realm="no scheme"', [['realm', {}]]],
  ])('%j names its challenges', (header, expected) => {
    expect(plain(header)).toEqual(expected);
  });

  test('never keeps the reader from ending, whatever it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '"', '=', ',', ' ', '\\', '/', '\t', 'é') }), (header) => {
        expect(parseChallenges(header).length).toBeLessThanOrEqual(header.length);
      }),
    );
  });
});
