import type { RunFileFault, Variables } from '../../src/model/run-file.js';
import { checkShape } from '../../src/run-file/check-shape.js';
import { readDocument } from '../../src/run-file/document.js';
import { createFindings } from '../../src/run-file/faults.js';
import { interpolate } from '../../src/run-file/interpolate.js';
import { merge, settle } from '../../src/run-file/merge.js';
import type { Node } from '../../src/run-file/node.js';
import { runFileShape } from '../../src/run-file/schema.js';

/** One or two files merged by us, as one file without variables, or what is wrong with them. */
export function mergedByUs(
  files: readonly string[],
  variables: Variables,
): { readonly text: string } | { readonly faults: readonly RunFileFault[] } {
  const findings = createFindings();
  const roots = files.map((text, at) => {
    const document = readDocument(text, `${at}.yaml`, findings);
    const checked = document === null ? null : checkShape(document, runFileShape, findings);
    return checked?.kind === 'map' ? interpolate(checked, variables, 'variables', findings) : null;
  });
  const [base, overlay] = roots.filter((root) => root !== null);
  if (base === undefined || roots.includes(null)) return { faults: findings.faults() };
  const merged = overlay === undefined ? settle(base) : merge(base, overlay, findings);
  return findings.faults().length > 0 ? { faults: findings.faults() } : { text: dump(merged) };
}

/** A node as JSON, which is YAML; every `$` is doubled. Numbers keep their digits. */
function dump(node: Node): string {
  if (node.kind === 'list') return `[${node.items.map(dump).join(', ')}]`;
  if (node.kind === 'map') {
    return `{${[...node.entries].map(([key, { value }]) => `${JSON.stringify(key)}: ${dump(value)}`).join(', ')}}`;
  }
  if (node.type === 'text') return JSON.stringify(node.text.replaceAll('$', () => '$$'));
  // YAML takes -0 for an integer.
  return node.type === 'null' ? 'null' : node.text === '-0' ? '-0.0' : node.text;
}
