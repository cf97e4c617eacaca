import { formats } from '../../config/formats.js';

/** A repository on its git host. */
export interface RemoteName {
  /** `owner/name`. */
  readonly repository: string;
  /** Where Slipway clones from, with `{repository}`. */
  readonly cloneUrl: string;
  /** The page of the repository's webhooks at GitHub, or null for another host. */
  readonly hooksPage: string | null;
}

export const githubCloneUrl = 'https://github.com/{repository}.git';

/**
 * Reads the address of a remote: https, ssh, git, file, `git@host:owner/name.git`, or a path of this machine. Credentials in it are left out.
 * Null: it names no `owner/name`.
 */
export function remoteName(address: string): RemoteName | null {
  const parts = /^[a-z]+:\/\//i.test(address) ? urlParts(address) : (scpParts(address) ?? pathParts(address));
  if (parts === null) return null;
  const [, above = '', repository = '', suffix = ''] = /^(.*?)\/?([^/]+\/[^/]+?)(\.git)?\/*$/s.exec(parts.path) ?? [];
  const cloneUrl = `${parts.begin}${above}/{repository}${suffix}`;
  if (formats.repository(repository) !== null) return null;
  if (isGithub(parts.host)) return ofGithub(repository);
  return formats['clone-url'](cloneUrl) === null ? { repository, cloneUrl, hooksPage: null } : null;
}

/** A repository of github.com. */
export const ofGithub = (repository: string): RemoteName => ({
  repository,
  cloneUrl: githubCloneUrl,
  hooksPage: `https://github.com/${repository}/settings/hooks/new`,
});

interface Parts {
  /** Scheme, user of ssh, host and port. */
  readonly begin: string;
  readonly host: string;
  /** Begins with a slash. */
  readonly path: string;
}

const isGithub = (host: string): boolean => ['github.com', 'www.github.com', 'ssh.github.com'].includes(host);

function urlParts(address: string): Parts | null {
  if (!URL.canParse(address)) return null;
  const { protocol, username, host, hostname } = new URL(address);
  // The path as it is written: a URL would encode blanks and braces.
  const path = /^[a-z]+:\/\/[^/]*(\/[^?#]*)/i.exec(address)?.[1];
  if (path === undefined) return null;
  const user = protocol === 'ssh:' && username !== '' ? `${username}@` : '';
  return { begin: `${protocol}//${user}${host}`, host: hostname.toLowerCase(), path };
}

function scpParts(address: string): Parts | null {
  const [, user = '', host = '', path = ''] = /^([\w.-]+@)?([\w.-]+):(?!\/\/)(.+)$/s.exec(address) ?? [];
  if (host === '') return null;
  return { begin: `ssh://${user}${host}`, host: host.toLowerCase(), path: path.startsWith('/') ? path : `/${path}` };
}

const pathParts = (address: string): Parts | null =>
  address.startsWith('/') ? { begin: 'file://', host: '', path: address } : null;
