import { createTransport } from 'nodemailer';
import type { MailServer } from '../../../config/config.js';
import { asSlipwayError, SlipwayError } from '../../../errors.js';
import type { Send } from './people.js';

export interface MailOptions {
  readonly server: MailServer;
  readonly to: string;
  readonly link: (path: string) => string | null;
  readonly timeoutMs: number;
}

/** Port of SMTP over TLS (RFC 8314). */
const TLS_PORT = 465;

/** A message as a mail of plain text. What the server refuses for good (SMTP 5xx) is `notice-refused`. */
export function toMail({ server, to, link, timeoutMs }: MailOptions): Send {
  const { host, port, username, password, from } = server;
  return async ({ title, lines, path }, id) => {
    const transport = createTransport({
      ...{ host, port, secure: port === TLS_PORT },
      ...(username === null || password === null ? {} : { auth: { user: username, pass: password.reveal() } }),
      ...{ connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs, dnsTimeout: timeoutMs },
      // Nothing of a message is read from files or addresses.
      ...{ disableFileAccess: true, disableUrlAccess: true },
    });
    const page = link(path);
    try {
      await transport.sendMail({
        ...{ from, to, subject: title },
        text: [...lines, ...(page === null ? [] : ['', page])].join('\n'),
        messageId: `<${id}@${host}>`,
        headers: { 'auto-submitted': 'auto-generated' },
      });
    } catch (thrown) {
      throw failureOf(thrown, host);
    } finally {
      transport.close();
    }
  };
}

function failureOf(thrown: unknown, host: string): SlipwayError {
  const answer = (thrown as { readonly responseCode?: unknown }).responseCode;
  const isFinal = typeof answer === 'number' && answer >= 500;
  const said = asSlipwayError(thrown).message.replace(/\s+/g, ' ');
  const message = isFinal ? `${host} refuses the mail: ${said}` : `The mail could not be sent by ${host}: ${said}`;
  return new SlipwayError(isFinal ? 'notice-refused' : 'notice-failed', message, { cause: thrown });
}
