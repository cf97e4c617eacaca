import {
  branchNameFault,
  compileBranchPattern,
  compilePathPattern,
  compileRegularExpression,
  isPatternFault,
} from '../patterns/pattern.js';
import { fits, isHttpUrl, MAX_PORT, parseUrl, unless, type Check } from './check.js';
import { deployFormats } from './deploy-formats.js';
import { noticeFormats } from './notice-formats.js';
import { repositoryPath } from './repository-path.js';
import { parseDuration, parseSize } from './units.js';

/** The limit of Node.js timers, in milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Checks of single values, by the schema's `format`. */
export const formats = {
  secret: fits(/\S/, 'is empty'),
  text: fits(/\S/, 'is empty'),
  listen: unless(isListenAddress, 'must be an address and a port such as 127.0.0.1:8080 or [::]:8080'),
  'http-url': unless(isHttpUrl, 'must be an http:// or https:// address without credentials, query and fragment'),
  'clone-url': cloneUrlFault,
  'registry-host': registryHostFault,
  'engine-host': unless(isEngineHost, 'must be unix:///path/of/the/socket or tcp://host:port'),
  host: fits(
    /^([\w-]+(\.[\w-]+)*\.?|\[[\da-fA-F:.]+\])(:\d{1,5})?$/,
    'must be a bare host name (or host:port), without a scheme or path',
  ),
  database: databaseFault,
  duration: unless((text) => parseDuration(text) !== null, 'must be a duration above zero such as 30s, 5m, 2h or 7d'),
  timer: unless(isTimer, 'must be a duration above zero and at most 24d, such as 30s, 5m or 2h'),
  'timer-or-off': unless(
    (text) => text === 'off' || isTimer(text),
    'must be `off`, or a duration of at most 24d such as 5m',
  ),
  size: unless((text) => parseSize(text) !== null, 'must be a size such as 512MiB or 5GiB'),
  repository: repositoryFault,
  'branch-name': branchNameFault,
  'folder-in-repository': unless(
    (text) => repositoryPath(text) !== null,
    'must be a folder inside the repository, written relative to its root',
  ),
  'file-in-repository': unless(isFilePath, 'must be a file inside the repository, written relative to its root'),
  'file-in-service': unless(isFilePath, "must be a file inside the service's folder, written relative to that"),
  'path-pattern': patternCheck(compilePathPattern),
  'branch-pattern': patternCheck(compileBranchPattern),
  'version-pattern': patternCheck(compileRegularExpression),
  frontend: frontendFault,
  'image-tag': fits(
    /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/,
    'must be a tag as Docker has it: letters, digits, "_", ".", "-", at most 128',
  ),
  image: unless(
    isImageName,
    'must be a repository name as Docker has it: lower-case letters, digits, single separators ". _ - /"',
  ),
  ...deployFormats,
  ...noticeFormats,
} as const satisfies Record<string, Check>;

export type Format = keyof typeof formats;

function patternCheck(compile: typeof compilePathPattern): Check {
  return (text) => {
    const compiled = compile(text);
    return isPatternFault(compiled) ? `the pattern ${JSON.stringify(shortened(text))} ${compiled.fault}` : null;
  };
}

function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

function isTimer(text: string): boolean {
  const value = parseDuration(text);
  return value !== null && value <= MAX_TIMER_MS;
}

function isFilePath(text: string): boolean {
  return !text.endsWith('/') && Boolean(repositoryPath(text));
}

function isListenAddress(text: string): boolean {
  const port = /^(?:[\w.-]+|\[[\da-fA-F:.]+\]):(\d{1,5})$/.exec(text)?.[1];
  return port !== undefined && Number(port) <= MAX_PORT;
}

function cloneUrlFault(text: string): string | null {
  if (!text.includes('{repository}')) return 'must contain {repository}, which stands for owner/name';
  const url = /[\s\0]/.test(text) ? null : parseUrl(text.replaceAll('{repository}', 'owner/name'));
  if (url === null || !/^(https?|ssh|git|file):\/\//.test(text)) {
    return 'must be a URL that begins with https://, http://, ssh://, git:// or file:// (ssh://git@host/{repository}.git instead of git@host:…)';
  }
  if (url.password !== '' || (url.protocol !== 'ssh:' && url.username !== '')) {
    return 'must not hold credentials; use github.token';
  }
  return null;
}

/** Docker treats the first part of an image name as a host only if it has a dot or a port, or is `localhost` (distribution/reference). */
function registryHostFault(text: string): string | null {
  const [, name = '', port] =
    /^((?:[A-Za-z\d](?:[A-Za-z\d-]*[A-Za-z\d])?)(?:\.[A-Za-z\d-]+)*|\[[\da-fA-F:]+\])(:\d{1,5})?$/.exec(text) ?? [];
  if (name === '') return 'must be host or host:port, without a scheme or path';
  if (port !== undefined || name.includes('.') || name.startsWith('[') || name === 'localhost') return null;
  return 'must have a dot or a port, or Docker takes it for a part of the image name';
}

function isEngineHost(text: string): boolean {
  return /^unix:\/\/\/[^\0]+$/.test(text) || /^tcp:\/\/([\w.-]+|\[[\da-fA-F:]+\])(:\d{1,5})?$/.test(text);
}

function databaseFault(text: string): string | null {
  if (text === 'embedded') return null;
  return /^postgres(ql)?:/.test(text)
    ? 'PostgreSQL is still to come; for now only `embedded` is supported'
    : 'must be `embedded`';
}

/** GitHub's names never end in `.git`, and its events never say so. */
function repositoryFault(text: string): string | null {
  if (!isRepository(text)) return 'must be owner/name';
  return /\.git$/i.test(text) ? 'must be without ".git" at its end: no push names a repository so' : null;
}

function isRepository(text: string): boolean {
  return (
    /^[A-Za-z\d_.][\w.-]*\/[A-Za-z\d_.][\w.-]*$/.test(text) &&
    text.split('/').every((part) => !/^\.+$/.test(part)) &&
    !text.includes('..')
  );
}

/** Grammar of repository names: distribution/reference. At most 255 characters, including the host. */
function isImageName(text: string): boolean {
  return (
    text.length <= 200 && /^[a-z\d]+(?:(?:\.|_|__|-+)[a-z\d]+)*(?:\/[a-z\d]+(?:(?:\.|_|__|-+)[a-z\d]+)*)*$/.test(text)
  );
}

/** Checks a name as distribution/reference defines it, with or without a registry host, and without tag or digest. */
function frontendFault(text: string): string | null {
  const host = /^(?:[a-z\d-]+(?:\.[a-z\d-]+)+(?::\d{1,5})?|[a-z\d-]+:\d{1,5}|localhost)\//.exec(text)?.[0] ?? '';
  if (isImageName(text.slice(host.length))) return null;
  if (/[@:]/.test(text.slice(host.length)))
    return 'must be a name without tag and digest, which stands for all versions';
  return 'must be an image name in lower case, such as docker/dockerfile or registry.abc.net/frontend';
}
