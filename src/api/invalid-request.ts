import { SlipwayError } from '../errors.js';

/** One fault as the schema validator reports it; `instancePath` is a JSON pointer. */
interface SchemaFault {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

/** An `invalid-request` that names each invalid field, in the detail and as `faults`. `part` is body, querystring, params or headers. */
export function invalidRequest(found: readonly SchemaFault[], part = 'body'): SlipwayError {
  const messages = new Map<string, string>();
  for (const fault of found) {
    for (const field of fieldsOf(fault)) {
      if (!messages.has(field)) messages.set(field, messageOf(fault));
    }
  }
  const faults = [...messages].map(([field, message]) => ({ field, message }));
  const sentence = faults.map(({ field, message }) => `${field || `the ${part}`} ${message}`).join('; ');
  return new SlipwayError('invalid-request', `${sentence}.`, { extra: { faults } });
}

/** The validator's own sentence about missing fields names all of them, and would be said once for each. */
function messageOf({ keyword, message = 'does not fit' }: SchemaFault): string {
  return keyword === 'required' ? 'is required' : message;
}

function fieldsOf({ keyword, instancePath, params }: SchemaFault): readonly string[] {
  // An unknown key is reported twice. The other report lists the keys.
  if (keyword === 'boolean') return [];
  const field = instancePath.split('/').slice(1).join('.');
  const missing = keyword === 'required' ? params['requiredProperties'] : params['additionalProperties'];
  if (!Array.isArray(missing)) return [field];
  return missing.map((name) => (field ? `${field}.${String(name)}` : String(name)));
}
