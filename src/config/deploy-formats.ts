import { isIP } from 'node:net';
import { regularExpressionFault } from '../patterns/pattern.js';
import { parseRestart } from '../restart-policy.js';
import { bodyPatternOf, verifyForms } from '../verify-forms.js';
import { fits, isHttpUrl, unless, type Check } from './check.js';
import { adminSocketFault, hostEngineFault, isAddress } from './engine-address.js';
import { parseSize } from './units.js';

/** Docker's own limit. */
const MIN_MEMORY_BYTES = 6 * 1024 ** 2;

/** Checks of single values that only deployments have. */
export const deployFormats = {
  'instance-name': fits(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be a name of letters, digits and "-", at most 32'),
  'service-name': fits(/^[a-z0-9][a-z0-9._-]{0,127}$/, 'must be the name of a service'),
  'host-engine': hostEngineFault,
  'host-address': unless(isAddress, 'must be a host name or an IP address, without a scheme, port or brackets'),
  'ip-address': unless((text) => isIP(text) !== 0, 'must be an IP address'),
  'absolute-path': fits(/^\/[^\0]*$/, 'must be an absolute path'),
  'path-on-host': fits(/^\/[^\0]*$/, 'must be an absolute path of the host'),
  capability: fits(/^(?:CAP_)?[A-Z][A-Z_0-9]*$/i, 'must be the name of a capability, such as NET_ADMIN'),
  sysctl: fits(/^[a-z0-9_.-]+$/i, 'must be the name of a kernel parameter, without a value'),
  memory: unless(
    (text) => (parseSize(text) ?? 0) >= MIN_MEMORY_BYTES,
    'must be a size of at least 6MiB, such as 512MiB or 8GiB',
  ),
  restart: unless(
    (text) => parseRestart(text) !== null,
    'must be `always`, `unless-stopped`, `on-failure`, `on-failure:3` or `no`',
  ),
  'time-of-day': fits(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "must be a time such as '20:00'"),
  'end-of-window': fits(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, "must be a time such as '23:00', or '24:00'"),
  'time-zone': unless(isTimeZone, 'must be a time zone such as Europe/Zurich'),
  'admin-socket': adminSocketFault,
  'haproxy-name': haproxyNameFault,
  'command-word': templateFault(['service']),
  'host-command-word': templateFault(['service', 'host']),
  'balancer-url': balancerUrlFault,
  'verify-host': unless(verifyForms.host, 'must be a host name'),
  'verify-path': unless(verifyForms.path, 'must be a path that begins with "/"'),
  'header-name': unless(verifyForms.header, 'must be the name of a header'),
  'header-value': unless(verifyForms.headerValue, 'must be on one line'),
  'json-pointer': unless(verifyForms.json, 'must be a JSON pointer such as /version'),
  'body-pattern': bodyPatternFault,
} as const satisfies Record<string, Check>;

/** Asks the runtime, which has the IANA database. Offsets such as `+01:00` are no zones: they know no summer time. */
function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

/** Checks that every `{…}` of a text is one of these names. */
function templateFault(names: readonly string[]): Check {
  const known = names.map((name) => `{${name}}`);
  return (text) => {
    if (!/\S/.test(text)) return 'is empty';
    if (text.includes('\0')) return 'must not hold a zero character';
    const isKnown = (text.match(/\{[^{}]*\}/g) ?? []).every((placeholder) => known.includes(placeholder));
    return isKnown ? null : `must have no other placeholder than ${known.join(' and ')}`;
  };
}

/** A name of HAProxy's configuration: it becomes part of a command, where a space or `;` would end it. */
function haproxyNameFault(text: string): string | null {
  const fault = templateFault(['service'])(text);
  if (fault !== null) return fault;
  const isName = /^[\w.:-]+$/.test(text.replaceAll('{service}', 'service'));
  return isName ? null : 'must be a name of HAProxy: letters, digits and "-_.:"';
}

function balancerUrlFault(text: string): string | null {
  const template = templateFault(['service'])(text);
  if (template !== null) return template;
  return isHttpUrl(text.replaceAll('{service}', 'service'))
    ? null
    : 'must be an http:// or https:// address without credentials, query and fragment';
}

/** Never quotes the expression: it may have a variable inside. */
function bodyPatternFault(text: string): string | null {
  const pattern = bodyPatternOf(text);
  if (pattern === null) return 'must be a regular expression after "regex:"';
  const fault = regularExpressionFault(pattern);
  return fault === null ? null : `has a regular expression that ${fault}`;
}
