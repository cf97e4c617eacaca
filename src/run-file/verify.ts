import type { Verify } from '../model/run-file.js';
import { Fields } from './fields.js';
import { isNull, valueOf, type Mapping } from './node.js';
import { parseInteger } from './values.js';

const MAX_PORT = 65_535;

/** Reads `x-slipway.verify`: what is written, without defaults. Null if there is no such key. */
export function readVerify(service: Mapping, outer: Fields): Verify | null {
  const node = valueOf(valueOf(service, 'x-slipway'), 'verify');
  if (node?.kind !== 'map') return null;
  const fields = new Fields(node, outer.findings);
  const places = ['json', 'header', 'body'].filter((key) => fields.node(key) !== undefined);
  if (places.length > 1)
    fields.fault(node.place, `\`verify\` has ${places.map((key) => `\`${key}\``).join(' and ')}; keep one of them.`);
  const headers = fields.entries('headers').flatMap(({ name, value, place }) => {
    const fits =
      /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) &&
      value.kind === 'scalar' &&
      !isNull(value) &&
      !/[\r\n\0]/.test(value.text);
    return fits
      ? [[name, value.text] as const]
      : (fields.fault(place, 'A header has a name and a value on one line.') ?? []);
  });
  const read = {
    scheme: fields.scalar('scheme', (text) => (text === 'http' || text === 'https' ? text : null), '`http` or `https`'),
    host: fields.scalar('host', (text) => (/^[^\s/]+$/.test(text) ? text : null), 'a host name'),
    port: fields.scalar('port', (text) => parseInteger(text, 1, MAX_PORT), `a number from 1 to ${MAX_PORT}`),
    path: fields.scalar('path', (text) => (/^\/[^\s\0]*$/.test(text) ? text : null), 'a path that begins with `/`'),
    headers: headers.length > 0 ? Object.fromEntries(headers) : null,
    json: fields.scalar(
      'json',
      (text) => (/^(?:\/.*)?$/s.test(text) ? text : null),
      'a JSON pointer such as `/version`',
    ),
    header: fields.scalar(
      'header',
      (text) => (/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text) ? text : null),
      'the name of a header',
    ),
    body: fields.scalar('body', (text) => (text.startsWith('regex:') ? text : null), '`regex:…`'),
    expect: fields.text('expect'),
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== null));
}
