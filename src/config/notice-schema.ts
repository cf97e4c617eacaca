import Type from 'typebox';
import { builtInDefaults } from './defaults.js';
import { list, mapping, text } from './schema-parts.js';

/** What people can be notified of. */
export const noticeEvents = ['first-failure', 'recovery', 'every', 'drift', 'deployed'] as const;

const notice = mapping('Somebody who is notified, and of what.', {
  to: text(
    'notice-target',
    'https:// address of a webhook, slack: and the address of an incoming webhook, or mailto:.',
    {
      examples: ['https://hooks.abc.net/slipway', 'mailto:team@abc.net'],
    },
  ),
  secret: Type.Optional(
    text(
      'signing-secret',
      'Secret that a webhook is signed with, after the Standard Webhooks specification: `${NAME}`.',
    ),
  ),
  on: Type.Optional(
    Type.Array(Type.Enum([...noticeEvents]), {
      minItems: 1,
      default: [...builtInDefaults.notice.on],
      description: 'Of what. `first-failure`: after a success or nothing. `every`: every build that ends.',
    }),
  ),
  services: Type.Optional(list(text('branch-pattern', 'A name or pattern.'), 'Of which services. Default: all.')),
  branches: Type.Optional(list(text('branch-pattern', 'A name or pattern.'), 'Of which branches. Default: all.')),
  environments: Type.Optional(
    list(text('text', 'An environment.'), 'Of which environments, for drift and deployments. Default: all.'),
  ),
});

export const noticesSchema = list(notice, 'Who is notified.');

export const mailSchema = mapping('The server that mail is sent with.', {
  host: text('host-name', 'Name or address of the SMTP server.'),
  port: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 65_535,
      default: builtInDefaults.mail.port,
      description: '465: TLS from the beginning. Any other: STARTTLS if the server offers it.',
    }),
  ),
  username: Type.Optional(text('text', 'Who logs in. Default: nobody.')),
  password: Type.Optional(text('secret', 'The password: `${NAME}`.')),
  from: text('mail-address', 'The sender.', { examples: ['slipway@abc.net'] }),
});

export const appSchema = mapping('A GitHub App: check runs instead of commit statuses.', {
  id: Type.Integer({ minimum: 1, description: 'App ID.' }),
  privateKey: text('secret', 'Private key as PEM: `${NAME}`.'),
});
