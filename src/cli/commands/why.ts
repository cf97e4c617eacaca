import type { Command } from 'commander';
import type { components } from '../../../ui/src/api/schema.js';
import { serverFor, show, type Cli } from '../remote/cli.js';
import { Ended, exitCodes } from '../remote/exit.js';
import { counted } from '../remote/counted.js';
import { ago, short } from '../remote/moment.js';
import { answer, type Server } from '../remote/server.js';
import { buildState, glyph, inColour, word } from '../remote/states.js';
import { facts } from '../remote/table.js';

type Why = components['schemas']['Why'];

const MAX_PATHS = 8;

/** `slipway why SERVICE [COMMIT]`: why a commit was built or not, in one screen. */
export function addWhy(program: Command, cli: Cli): void {
  program
    .command('why')
    .argument('<service>')
    .argument('[commit]', 'default: the newest one that was decided on')
    .description('why a commit was built, or was not')
    .option('-b, --branch <branch>', 'of one branch')
    .action(async (service: string, commit: string | undefined, { branch }: { branch?: string }, command: Command) => {
      const server = await serverFor(command, cli);
      const asked = commit ?? (await newestCommit(service, branch, server));
      const why = await answer(
        server,
        server.api.GET('/api/v1/services/{name}/why/{commit}', {
          params: { path: { name: service, commit: asked }, query: { ...(branch !== undefined && { branch }) } },
        }),
      );
      const { buildId, decision } = why.decision;
      const state = decision === 'skip' ? 'skipped' : await stateOf(buildId, server);
      show(command, cli, why, () => whyText(why, state, cli));
      if (decision === 'build' && buildId !== null) cli.terminal.hint(`slipway build ${buildId}`);
      else cli.terminal.hint(`To build it anyway: slipway rebuild ${service} --commit ${short(why.commit)}`);
    });
}

async function newestCommit(service: string, branch: string | undefined, server: Server): Promise<string> {
  const query = { service, limit: 1, ...(branch !== undefined && { branch }) };
  const { decisions } = await answer(server, server.api.GET('/api/v1/decisions', { params: { query } }));
  const head = decisions[0]?.head ?? null;
  if (head !== null) return head;
  // Whether there is such a service at all.
  await answer(server, server.api.GET('/api/v1/services/{name}', { params: { path: { name: service } } }));
  throw new Ended(exitCodes.failed, `Nothing was decided about ${service} yet.`);
}

const held = { yes: '✓', no: '✗', 'not-asked': '–' } as const;

/** How the build of a decision stands. Builds are not kept for ever. */
async function stateOf(buildId: string | null, { api }: Server): Promise<string> {
  if (buildId === null) return 'built';
  const { data } = await api.GET('/api/v1/builds/{id}', { params: { path: { id: buildId } } });
  return data === undefined ? 'built' : buildState(data);
}

function whyText(why: Why, state: string, { terminal, now }: Cli): string {
  const { decision, compared, coveredBy, ladder, chain, samePush, samePushCount } = why;
  const title = `${glyph(state)} ${decision.service} · ${decision.branch} · ${short(why.commit)}`;
  const head = `${inColour(state, terminal.colours)(title)}  ${word(state)}, ${ago(decision.at, now())}\n`;
  return (
    head +
    facts(
      [
        ['Why', [why.sentence, ...pathsOf(why)].join('\n')],
        why.isHead ? null : ['Pushed with', `${short(decision.head)}, which the decision is about`],
        compared && [
          'Compared',
          `${short(compared.base)}${compared.baseTag === null ? '' : ` (${compared.baseTag})`} .. ${short(compared.head)}, ${counted(compared.paths, 'path')}`,
        ],
        coveredBy && [
          'Covered by',
          `${coveredBy.image.repository}:${coveredBy.image.tags[0] ?? ''}\n${coveredBy.image.digest}`,
        ],
        ['Rules', ladder.map(({ words, held: one }) => `${held[one]} ${words}`).join('\n')],
        chain.length === 0 ? null : ['Bases', chain.map(({ service, tag }) => `${service} ${tag ?? ''}`).join(' → ')],
        ['Heard', [decision.trigger.kind, decision.trigger.by, decision.trigger.deliveryId].filter(Boolean).join(', ')],
        samePushCount === 0 ? null : ['Same push', samePush.slice(0, MAX_PATHS).map(otherOf).join('\n')],
      ],
      terminal,
    )
  );
}

function pathsOf({ paths, compared }: Why): readonly string[] {
  const lines = paths.slice(0, MAX_PATHS).map((path) => `  ${path.path}  ${caught(path)}`);
  const more = (compared?.paths ?? 0) - lines.length;
  return more > 0 && lines.length > 0 ? [...lines, `  and ${more} more`] : lines;
}

/** What caught a path, and where the configuration has it. */
function caught({ kind, by, setting }: Why['paths'][number]): string {
  const pattern = [by, setting !== null && `(${setting})`].filter(Boolean).join(' ');
  switch (kind) {
    case 'included':
      return `included by ${pattern}`;
    case 'excluded':
      return `excluded by ${pattern}`;
    case 'packaging':
      return 'packaging';
    case 'run-file':
      return 'run file';
    case 'outside':
      return 'in no included region';
  }
}

const otherOf = ({ service, decision, reason }: Why['samePush'][number]): string =>
  `${glyph(decision === 'build' ? 'built' : 'skipped')} ${service}: ${reason.message}`;
