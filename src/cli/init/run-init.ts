import { randomBytes } from 'node:crypto';
import { access, writeFile } from 'node:fs/promises';
import { formats } from '../../config/formats.js';
import { printableJson } from '../../printable.js';
import type { Cli } from '../remote/cli.js';
import { Ended, exitCodes, usage } from '../remote/exit.js';
import { configText, type Surroundings } from './config-text.js';
import type { LeftOut } from './find-dockerfiles.js';
import { openCheckout, type Checkout } from './git.js';
import type { InitOptions } from './options.js';
import { proposeServices, type Proposed } from './propose.js';
import { ask } from './questions.js';
import { githubCloneUrl, ofGithub, remoteName, type RemoteName } from './remote-name.js';
import { servicesTable, webhookSettings, webhookText, type WebhookSettings } from './report.js';

/** Bytes of a generated secret. */
const SECRET_BYTES = 32;

/** Files that were left out and are named. */
const MAX_NAMED = 10;

/** A registry of this machine. */
const usualRegistry = '127.0.0.1:5000';

/** A repository and the folders of it that were named. */
interface Named {
  readonly remote: RemoteName;
  readonly checkouts: readonly Checkout[];
}

/**
 * Looks through repositories, writes the configuration, and prints what was found and what is to be done at GitHub.
 * @throws Ended with exit code 1 if nothing is found or the file exists, 2 for a wrong command line.
 */
export async function runInit(folders: readonly string[], options: InitOptions, cli: Cli): Promise<void> {
  const { output } = options;
  checkOptions(options);
  if (output !== '-') await requireNew(output);
  const named = await nameAll(folders.length === 0 ? ['.'] : folders, options, cli);
  const found = await proposeAll(named);
  sayLeftOut(found.leftOut, cli);
  if (found.services.length === 0)
    throw new Ended(exitCodes.failed, 'No Dockerfile was found. Only files that `git add` has taken count.');
  const around = await surroundings(named, options, cli);
  const text = configText(found.services, around);
  if (output !== '-') await writeNew(output, text);
  const remotes = named.map(({ remote }) => remote);
  const webhook = webhookSettings(around.publicUrl, remotes, () => randomBytes(SECRET_BYTES).toString('hex'));
  print(options, { text, found, webhook }, cli);
  if (output === '-') return;
  cli.terminal.say(`Written: ${output}. Read it, and change what is not right.`);
  cli.terminal.hint(`slipway check --config ${output}, then slipway doctor --config ${output}`);
}

function checkOptions({ output, json, repository, registry, publicUrl }: InitOptions): void {
  if (json === true && output === '-') throw usage('--json and --output - would both print to stdout.');
  const check = (option: string, format: 'repository' | 'registry-host' | 'http-url', text: string | undefined) => {
    const fault = text === undefined ? null : formats[format](text);
    if (fault !== null) throw usage(`${option} ${fault}.`);
  };
  check('--repository', 'repository', repository);
  check('--registry', 'registry-host', registry);
  check('--public-url', 'http-url', publicUrl);
}

const exists = (file: string): Ended => new Ended(exitCodes.failed, `${file} exists, and is left as it is.`);

async function requireNew(file: string): Promise<void> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (isThere) throw exists(file);
}

async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    const { code = 'it fails' } = error as { readonly code?: string };
    throw code === 'EEXIST' ? exists(file) : new Ended(exitCodes.failed, `${file} cannot be written: ${code}.`);
  }
}

/** Opens the folders. Several of one repository are together. */
async function nameAll(folders: readonly string[], options: InitOptions, cli: Cli): Promise<readonly Named[]> {
  const byRoot = new Map<string, Checkout[]>();
  for (const folder of folders) {
    const checkout = await openCheckout(folder, cli.env);
    byRoot.set(checkout.root, [...(byRoot.get(checkout.root) ?? []), checkout]);
  }
  if (options.repository !== undefined && byRoot.size > 1)
    throw usage('--repository names one repository, and the folders are of several.');
  const named: Named[] = [];
  for (const [root, checkouts] of byRoot) {
    named.push({ remote: await nameOne(root, checkouts[0]?.origin ?? null, options, cli), checkouts });
  }
  const [first, ...others] = named;
  const other = others.find(({ remote }) => remote.cloneUrl !== first?.remote.cloneUrl);
  if (first !== undefined && other !== undefined)
    throw usage(
      `A server has one git host: ${first.remote.repository} is at ${first.remote.cloneUrl}, and ${other.remote.repository} at ${other.remote.cloneUrl}.`,
    );
  return named;
}

async function nameOne(root: string, origin: string | null, options: InitOptions, cli: Cli): Promise<RemoteName> {
  const known = origin === null ? null : remoteName(origin);
  if (options.repository !== undefined) return renamed(options.repository, known);
  if (known !== null) return known;
  const why = origin === null ? 'has no remote `origin`' : 'has a remote `origin` that names no owner/name';
  if (!asks(options, cli)) throw usage(`${root} ${why}: give --repository owner/name.`);
  const answer = await ask({
    message: `${root} ${why}. Which repository is it?`,
    usual: 'owner/name',
    fault: formats.repository,
  });
  return ofGithub(answer);
}

const renamed = (repository: string, known: RemoteName | null): RemoteName =>
  known === null || known.cloneUrl === githubCloneUrl ? ofGithub(repository) : { ...known, repository };

const asks = ({ yes }: InitOptions, { terminal }: Cli): boolean => yes !== true && terminal.asks;

async function proposeAll(named: readonly Named[]): Promise<Proposed> {
  const given = new Set<string>();
  const all: Proposed[] = [];
  for (const { remote, checkouts } of named) all.push(await proposeServices(checkouts, remote.repository, given));
  return { services: all.flatMap(({ services }) => services), leftOut: all.flatMap(({ leftOut }) => leftOut) };
}

function sayLeftOut(leftOut: readonly LeftOut[], { terminal }: Cli): void {
  for (const { path, because } of leftOut.slice(0, MAX_NAMED)) terminal.say(`Left out: ${path}, since ${because}.`);
  if (leftOut.length > MAX_NAMED) terminal.say(`Left out: ${leftOut.length - MAX_NAMED} more.`);
}

async function surroundings(named: readonly Named[], options: InitOptions, cli: Cli): Promise<Surroundings> {
  const cloneUrl = named[0]?.remote.cloneUrl ?? githubCloneUrl;
  const { registry = usualRegistry, publicUrl = null } = options;
  if (!asks(options, cli)) return { cloneUrl, registry, publicUrl };
  const none = 'not known yet';
  const url =
    publicUrl ??
    (await ask({ message: 'Where do people and GitHub reach the server?', usual: none, fault: formats['http-url'] }));
  const host =
    options.registry ??
    (await ask({ message: 'Which registry gets the images?', usual: registry, fault: formats['registry-host'] }));
  return { cloneUrl, registry: host, publicUrl: url === none ? null : url };
}

interface Result {
  readonly text: string;
  readonly found: Proposed;
  readonly webhook: WebhookSettings;
}

/** Data goes to stdout: the file, JSON, or what was found. */
function print({ output, json }: InitOptions, { text, found, webhook }: Result, { terminal }: Cli): void {
  if (json === true) {
    const data = { file: output, ...found, webhook };
    terminal.out(`${printableJson(JSON.stringify(data, null, 2))}\n`);
    return;
  }
  const report = `${servicesTable(found.services, terminal)}\n${webhookText(webhook, terminal)}`;
  if (output !== '-') return terminal.out(report);
  terminal.out(text);
  terminal.err(report);
}
