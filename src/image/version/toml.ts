import { parse } from 'smol-toml';

/** `version` of `[project]` (PEP 621) or `[tool.poetry]`. A dynamic version does not count. */
export function pyprojectVersion(document: string): string | null {
  const root = readToml(document);
  return textAt(root, 'project', 'version') ?? textAt(root, 'tool', 'poetry', 'version');
}

/**
 * `version` of `[package]`. If the package inherits it (`version.workspace = true`), or if there is no package, the one of
 * `[workspace.package]` in the same file (https://doc.rust-lang.org/cargo/reference/workspaces.html#the-package-table).
 */
export function cargoVersion(document: string): string | null {
  const root = readToml(document);
  const isInherited = valueAt(root, 'package', 'version', 'workspace') === true;
  if (isInherited || valueAt(root, 'package') === null) return textAt(root, 'workspace', 'package', 'version');
  return textAt(root, 'package', 'version');
}

/** No real file nests so deep; it bounds the stack. */
const MAX_DEPTH = 100;

/** Null if the document is not TOML (https://toml.io). */
function readToml(document: string): unknown {
  try {
    return parse(document, { maxDepth: MAX_DEPTH, integersAsBigInt: 'asNeeded' });
  } catch {
    return null;
  }
}

function valueAt(root: unknown, ...path: readonly string[]): unknown {
  let at = root;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return null;
    at = Reflect.get(at, key);
  }
  return at;
}

function textAt(root: unknown, ...path: readonly string[]): string | null {
  const value = valueAt(root, ...path);
  return typeof value === 'string' ? value.trim() || null : null;
}
