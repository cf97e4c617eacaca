import { faultsOf, least } from '../../support/write-config.js';

test('every fault of notices is reported at once, each at its place', async () => {
  const secret = `whsec_${Buffer.alloc(32).toString('base64')}`;
  const faults = await faultsOf(`${least}
environments: { production: { hosts: { a: { engine: 'unix:///a.sock', address: 10.0.0.1 } } } }
mail: { host: 'smtp://x', from: nobody, username: x }
notices:
  - { to: 'https://a.b/c' }
  - { to: 'slack:https://a.b/c', secret: '${secret}', on: [] }
  - { to: 'mailto:a@b.c', environments: [prodution], on: [failure] }
  - { to: 'ftp://a.b', secret: short }
  - { to: 'https://user:word@a.b/' }
`);
  expect(faults).toEqual([
    'mail.host: must be a bare host name, without a scheme or port',
    'mail.from: must be a mail address such as slipway@abc.net',
    'notices[1].on: must not be empty',
    'notices[2].on[0]: must be one of: first-failure, recovery, every, drift, deployed',
    'notices[3].to: must be an https:// address, slack: and such an address, or mailto: and an address',
    'notices[3].secret: must be whsec_ and 24 to 64 bytes in base64',
    'notices[4].to: must be an https:// address, slack: and such an address, or mailto: and an address',
    'notices[0].secret: is required with an address',
    'notices[1].secret: is for addresses alone: nothing else is signed',
    'notices[2].environments[0]: names no environment; did you mean `production`?',
    'mail.password: is required with mail.username',
  ]);
});

test('a webhook needs its secret, mail its server, and an environment its name', async () => {
  const faults = await faultsOf(`${least}
environments: { production: { hosts: { a: { engine: 'unix:///a.sock', address: 10.0.0.1 } } } }
notices:
  - { to: 'https://a.b/c?token=x' }
  - { to: 'slack:https://a.b/c', secret: 'whsec_${Buffer.alloc(24).toString('base64')}' }
  - { to: 'mailto:a@b.c', environments: [prodution] }
`);
  expect(faults).toEqual([
    'notices[0].secret: is required with an address',
    'notices[1].secret: is for addresses alone: nothing else is signed',
    'notices[2].to: needs the section mail',
    'notices[2].environments[0]: names no environment; did you mean `production`?',
  ]);
});
