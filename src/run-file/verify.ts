import type { Verify } from '../model/run-file.js';
import { regularExpressionFault } from '../patterns/pattern.js';
import { bodyPatternOf, verifyForms, verifySchemes } from '../verify-forms.js';
import { Fields } from './fields.js';
import { isNull, valueOf, type Mapping } from './node.js';
import { parseInteger } from './values.js';

const MAX_PORT = 65_535;

const like = (form: (text: string) => boolean) => (text: string) => (form(text) ? text : null);

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
      verifyForms.header(name) && value.kind === 'scalar' && !isNull(value) && verifyForms.headerValue(value.text);
    return fits
      ? [[name, value.text] as const]
      : (fields.fault(place, 'A header has a name and a value on one line.') ?? []);
  });
  const read = {
    scheme: fields.scalar('scheme', (text) => verifySchemes.find((one) => one === text) ?? null, '`http` or `https`'),
    host: fields.scalar('host', like(verifyForms.host), 'a host name'),
    port: fields.scalar('port', (text) => parseInteger(text, 1, MAX_PORT), `a number from 1 to ${MAX_PORT}`),
    path: fields.scalar('path', like(verifyForms.path), 'a path that begins with `/`'),
    headers: headers.length > 0 ? Object.fromEntries(headers) : null,
    json: fields.scalar('json', like(verifyForms.json), 'a JSON pointer such as `/version`'),
    header: fields.scalar('header', like(verifyForms.header), 'the name of a header'),
    body: readBody(fields),
    expect: fields.text('expect'),
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== null));
}

/** The expression is compiled here, so that a deployment does not fail for it when a container is asked. */
function readBody(fields: Fields): string | null {
  const body = fields.scalar(
    'body',
    like((text) => bodyPatternOf(text) !== null),
    '`regex:…`',
  );
  const fault = body === null ? null : regularExpressionFault(bodyPatternOf(body) ?? '');
  if (fault === null) return body;
  const node = fields.node('body');
  return node === undefined ? null : fields.fault(node.place, `The regular expression of \`body\` ${fault}.`);
}
