/** What the chapters of the story have in common: look at decisions, follow builds, look into the registry, run images. */
import { registryUser } from '../parts.mjs';
import { fact } from './fact.mjs';
import { run } from './images.mjs';

const seconds = ({ startedAt, finishedAt }) => ((new Date(finishedAt) - new Date(startedAt)) / 1000).toFixed(1);

/** The engine tells each layer that it pushes; of the log this alone is not shown. */
const layerProgress = /^([0-9a-f]{12}: |The push refers to)/;

export function createActs({ stage, slipway, screen }) {
  const rows = [];

  /** The tags of an image, as the registry tells them. */
  async function tagsOf(repository) {
    const login = Buffer.from(`${registryUser.username}:${registryUser.password}`).toString('base64');
    const response = await fetch(`http://${stage.registryHost}/v2/${repository}/tags/list`, {
      headers: { authorization: `Basic ${login}` },
    });
    fact(response.ok, `The registry answers ${response.status} for the tags of ${repository}.`);
    return (await response.json()).tags;
  }

  /** Sends a push and shows its decisions; fails unless they are exactly those expected, `{ service: 'build first-build' }`. */
  async function push(pushed, expected) {
    const { decisions, status, reason } = await slipway.planned(await slipway.push(pushed));
    fact(status === 'planned', `The push to ${pushed.repository} became ${status} (${reason}).`);
    decisions.forEach(screen.decision);
    const found = Object.fromEntries(
      decisions.map(({ service, decision, reason: { code } }) => [service, `${decision} ${code}`]),
    );
    for (const [service, words] of Object.entries(expected)) {
      fact(
        found[service] === words,
        `${service}: expected "${words}", Slipway decided "${found[service] ?? 'nothing'}".`,
      );
    }
    const more = decisions.filter(({ service, decision }) => decision === 'build' && !(service in expected));
    fact(more.length === 0, `Not expected to be built: ${more.map(({ service }) => service).join(', ')}`);
    return decisions;
  }

  /** Runs an image of the registry and shows what it prints. */
  async function print(service, image, expected) {
    const output = await run(stage.dockerHost, stage.registryHost, `${stage.registryHost}/${image}`);
    fact(output.includes(expected), `The image of ${service} prints "${output}", expected "${expected}".`);
    screen.output(service, output.split('\n').join(' / '));
  }

  /** Follows a build to its end and shows its tags and what the image prints, unless it is one that goes on. */
  async function watch(what, { buildId, service }, expected) {
    const build = await slipway.follow(buildId, (line) => {
      if (!layerProgress.test(line)) screen.log(service, line);
    });
    fact(build.status === 'succeeded', `The build of ${service} ${build.status}: ${build.error?.message ?? ''}`);
    const [tag] = build.image.tags;
    fact(expected.tag.test(tag), `The version tag of ${service} is ${tag}, expected ${expected.tag}.`);
    const tags = await tagsOf(build.image.repository);
    fact(
      build.image.tags.every((name) => tags.includes(name)),
      `The registry has ${tags}, the build says ${build.image.tags}.`,
    );
    screen.say(`In the registry: ${build.image.repository} with the tags ${tags.sort().join(', ')}`);
    if (expected.prints !== undefined) await print(service, `${build.image.repository}:${tag}`, expected.prints);
    rows.push([what, service, build.reason.code, `${build.image.repository}:${tag}`, seconds(build)]);
    return build;
  }

  /** Follows several builds at a time, in the order of the decisions; skips are noted. */
  async function watchAll(what, decisions, expected) {
    for (const { service, reason } of decisions.filter(({ decision }) => decision === 'skip')) {
      rows.push([what, service, reason.code, 'nothing to build', '']);
    }
    await Promise.all(
      decisions
        .filter(({ decision }) => decision === 'build')
        .map((decision) => watch(what, decision, expected[decision.service])),
    );
  }

  async function buildCount() {
    return (await slipway.get('/api/v1/builds?limit=100')).builds.length;
  }

  return { rows, push, watch, watchAll, buildCount };
}
