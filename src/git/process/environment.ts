import type { CloneSource } from './clone-url.js';

/** Environment variables that git, curl and ssh may see. All others are removed. */
const passedOn = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'TMPDIR',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GIT_SSL_CAINFO',
  'GIT_SSH_COMMAND',
  'SSH_AUTH_SOCK',
  'http_proxy',
  'https_proxy',
  'HTTPS_PROXY',
  'all_proxy',
  'ALL_PROXY',
  'no_proxy',
  'NO_PROXY',
] as const;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Git's configuration for every command, replacing the user's: no user settings, no hooks. */
export const gitConfigText = `# Written by Slipway at each start.
[safe]
	# Repositories that file:// addresses name may belong to another user; the operator chose them.
	directory = *
[core]
	hooksPath = /dev/null
	# Larger files are streamed by git instead of being held in memory.
	bigFileThreshold = 16m
[gc]
	auto = 0
[maintenance]
	auto = false
[fetch]
	writeCommitGraph = false
	recurseSubmodules = false
[submodule]
	recurse = false
[http]
	# Bytes per second below which, for that many seconds, a transfer counts as dead. A host that prepares a large pack
	# sends five bytes every five seconds.
	lowSpeedLimit = 1
	lowSpeedTime = 60
[protocol]
	version = 2
[uploadpack]
	# For file:// addresses, where our own git is the host.
	allowFilter = true
	allowAnySHA1InWant = true
`;

/** The environment of every git command. Git reads the mirror as it is and never asks a host. */
export function localEnvironment(outside: Environment, configFile: string, gitDir: string): Record<string, string> {
  const kept = Object.fromEntries(
    passedOn.flatMap((name) => (outside[name] === undefined ? [] : [[name, outside[name]]])),
  );
  return {
    GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o ConnectTimeout=30',
    ...kept,
    LC_ALL: 'C',
    GIT_DIR: gitDir,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: configFile,
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
  };
}

/**
 * The same, with the host's address and credentials. They are passed in the environment, because arguments are visible to every user of the
 * machine, and the mirror's own configuration would outlive a change of the address. `promisor` is set only here, so that local commands
 * see an ordinary repository with missing blobs.
 */
export function networkEnvironment(
  local: Record<string, string>,
  source: CloneSource,
  repository: string,
): Record<string, string> {
  const settings: [string, string][] = [
    ['remote.origin.url', source.url(repository)],
    ['remote.origin.promisor', 'true'],
    ['remote.origin.partialclonefilter', 'blob:none'],
  ];
  if (source.login !== null) settings.push([`http.${source.login.scope}.extraHeader`, source.login.header]);
  return {
    ...local,
    GIT_ALLOW_PROTOCOL: source.protocol,
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
}
