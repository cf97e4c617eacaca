/** How every story has to end, whatever happened in it. */
import { inputsKey } from '../../../src/decide/inputs-key.js';
import { createGitCentral } from '../../../src/image/packaging/central.js';
import { createPackagingReader } from '../../../src/decide/packaging-reader.js';
import type { Build } from '../../../src/model/build.js';
import type { Story } from './story.js';
import { isAllSkipped, runFileAt, sameFiles, truthAt, whatMatters } from './truth.js';
import { APP, BASE_OF_TOP, BRANCHES, BUILT, CENTRAL, MONO, SERVICES } from './world.js';
import { dockerfile, dockerFolder, repositoryOf, servicesWith, type ServiceName } from './world.js';
import { inlineReading } from '../../support/reading.js';

/** A branch of a service at its head. */
interface Place {
  readonly service: ServiceName;
  readonly branch: (typeof BUILT)[number];
  readonly head: string;
}

/** Why an image may be another than the right one until somebody does something. */
type Excuse = 'cannot build' | 'never reported' | 'skip ci' | { readonly triedInVain: string };

function placesOf(story: Story): readonly Place[] {
  return SERVICES.flatMap((service) =>
    BUILT.flatMap((branch) => {
      const head = story.repository(repositoryOf(service)).heads.get(branch);
      return head === undefined ? [] : [{ service, branch, head }];
    }),
  );
}

const tagOf = (branch: string): string => branch.replace('/', '-');
const said = ({ service, branch, head }: Place): string => `${service} ${branch} at ${head.slice(0, 7)}`;

/** What is wrong with the image behind the branch's tag; null: nothing. */
async function wrongOf(story: Story, place: Place): Promise<string | null> {
  const { service, branch, head } = place;
  const { fakes, store } = story.stage;
  const image = fakes.behind(service, tagOf(branch));
  if (image === null) return 'has no image';
  if (service === 'api' && image.request.buildArgs['ARGUMENT'] !== story.argument) return 'has other settings';
  if (service === 'top') {
    const baseline = await store.builds.baseline(service, branch);
    if (baseline?.inputs.bases[BASE_OF_TOP] !== fakes.fake.state('api')['main']) return 'stands on an older image';
  }
  const { files } = truthAt(story, service, head);
  if (files === null || !sameFiles(files, whatMatters(service, image.files))) return OTHER_CONTENT;
  return (await triedInVain(story, place)) === null ? null : 'is right, and its newest build did not succeed';
}

/** The newest build of the head, where that failed or was canceled and nothing that it was made from has changed since. */
async function triedInVain(story: Story, place: Place): Promise<Build | null> {
  const { service, branch, head } = place;
  const build = await story.stage.store.builds.newest(service, branch, head);
  if (build === null || !['failed', 'canceled'].includes(build.status)) return null;
  return (await isOfToday(story, place, build)) ? build : null;
}

const OTHER_CONTENT = 'has another content';

function canBuild(story: Story, { service, head }: Place): boolean {
  if (service === 'top' && story.stage.fakes.fake.state('api')['main'] === undefined) return false;
  return truthAt(story, service, head).canBuild;
}

async function excuseOf(story: Story, place: Place, wrong: string): Promise<Excuse | null> {
  const { service, branch, head } = place;
  const { store } = story.stage;
  if (!canBuild(story, place)) return 'cannot build';
  const decision = await store.decisions.newest(service, branch, head);
  if (decision === null) return branch === 'main' ? null : 'never reported';
  if (decision.head !== head) return null;
  if (wrong === OTHER_CONTENT && isSkipped(story, place)) return 'skip ci';
  const build = await triedInVain(story, place);
  return build && { triedInVain: build.id };
}

/** Whether the image is right for a commit since which every one says [skip ci]. */
function isSkipped(story: Story, { service, branch, head }: Place): boolean {
  const image = story.stage.fakes.behind(service, tagOf(branch));
  if (image === null) return false;
  const repository = story.repository(repositoryOf(service));
  const held = whatMatters(service, image.files);
  return [...repository.commits.keys()].some((commit) => {
    const { files } = truthAt(story, service, commit);
    return files !== null && sameFiles(files, held) && isAllSkipped(repository, commit, head);
  });
}

/** Whether the build was made from what is in force now. */
async function isOfToday(story: Story, { service: name, branch, head }: Place, { inputs }: Build): Promise<boolean> {
  const { git, fakes } = story.stage;
  const central = await createGitCentral(git.mirror(CENTRAL), null).current();
  const service = servicesWith(story.argument).get(name);
  if (!service) return false;
  const { key, images } = await createPackagingReader({ git, central, reading: inlineReading }).at(
    service,
    head,
    branch,
  );
  const base = fakes.fake.state('api')['main'];
  const bases: Record<string, string> =
    images.includes(BASE_OF_TOP) && base !== undefined ? { [BASE_OF_TOP]: base } : {};
  return inputsKey({ head, packaging: key, settings: service.settingsFingerprint, bases }) === inputsKey(inputs);
}

interface Open {
  readonly place: Place;
  readonly excuse: Excuse;
}

/** What is not right, each with its excuse. @throws where one has none. */
async function open(story: Story): Promise<readonly Open[]> {
  const found: Open[] = [];
  for (const place of placesOf(story)) {
    const one = await requireRight(story, place);
    if (one !== null) found.push(one);
  }
  return found;
}

/** Every build that runs to its end looks again: a branch whose newest one ended after all changes waits for no sweep to be right. */
async function checkLastEnds(story: Story): Promise<void> {
  for (const place of placesOf(story)) {
    const build = await story.stage.store.builds.newest(place.service, place.branch);
    const lookedAgain = build !== null && ['succeeded', 'failed'].includes(build.status);
    if (lookedAgain && (build.finishedAt ?? 0) > story.changedAt) await requireRight(story, place);
  }
}

/** What is wrong with the branch's image, with its excuse; null: nothing. @throws where it has no excuse. */
async function requireRight(story: Story, place: Place): Promise<Open | null> {
  const wrong = await wrongOf(story, place);
  if (wrong === null) return null;
  const excuse = await excuseOf(story, place, wrong);
  if (excuse === null) throw new Error(`${said(place)} ${wrong}, and nothing more will happen`);
  return { place, excuse };
}

/** Puts Dockerfiles right that no image can be made from. */
async function repair(story: Story): Promise<void> {
  for (const place of placesOf(story)) {
    const { service, branch } = place;
    if (truthAt(story, service, place.head).canBuild) continue;
    const repository = story.repository(repositoryOf(service));
    repository.commit({ [`${dockerFolder[service]}/Dockerfile`]: dockerfile(service, 'plain') }, { branch });
    await story.tell(repositoryOf(service), branch);
  }
  await story.stage.quiet();
}

/** What the contract asks of people where Slipway does nothing by itself. */
async function remedy(story: Story, { place, excuse }: Open, index: number): Promise<void> {
  const { service, branch, head } = place;
  const name = repositoryOf(service);
  const repository = story.repository(name);
  if (repository.heads.get(branch) !== head) return;
  if (typeof excuse === 'object' && index % 2 === 0) {
    await story.stage.operations.retry(excuse.triedInVain, 'ada');
  } else {
    if (excuse !== 'never reported') repository.commit({}, { branch });
    await story.tell(name, branch);
  }
  await story.stage.quiet();
}

/** Every head that its branch's image covers has a release of that image with the run file that is in force now. */
async function checkReleases(story: Story): Promise<void> {
  const { store, fakes } = story.stage;
  for (const place of placesOf(story)) {
    const { service, branch, head } = place;
    const decision = await store.decisions.newest(service, branch, head);
    if (decision?.reliesOn === null || decision?.head !== head) continue;
    const release = await store.releases.newest(service, branch);
    const digest = fakes.fake.state(service)[tagOf(branch)];
    if (release === null) throw new Error(`${said(place)} has no release`);
    if (release.image.digest !== digest) throw new Error(`${said(place)} is released as another image`);
    const texts = (await store.releases.texts(release.runFileHash)) ?? [];
    const held = texts.map(({ content }) => Buffer.from(content ?? '', 'base64').toString());
    const right = runFileAt(story, service, head);
    if (JSON.stringify(held) !== JSON.stringify(right))
      throw new Error(`${said(place)} is released with ${JSON.stringify(held)}, not with ${JSON.stringify(right)}`);
    const covering = await store.releases.covering(service, branch, head);
    // A rebuild of that commit while it was not the head may have made a newer one.
    if (covering === null || covering.number < release.number)
      throw new Error(`${said(place)} is not covered by its newest release`);
  }
}

/** Looking again at everything finds nothing to do, no matter who asks. */
async function checkAtRest(story: Story): Promise<void> {
  const { store, fakes } = story.stage;
  const builds = await store.builds.page({ limit: 1, cursor: null });
  const made = fakes.engine.builds.length;
  const ids: string[] = [];
  for (const repository of [MONO, APP] as const) {
    const there = BRANCHES.filter((branch) => story.repository(repository).heads.has(branch));
    for (const branch of there) ids.push(await story.tell(repository, branch));
  }
  await story.stage.quiet();
  for (const id of ids) {
    const decisions = await store.decisions.ofDelivery(id);
    if (decisions.length === 0) throw new Error(`nothing was decided for ${id}`);
    const build = decisions.find(({ decision }) => decision !== 'skip');
    if (build) throw new Error(`${build.service} ${build.branch} is to be built again: ${build.reason.message}`);
  }
  await checkReleases(story);
  const [newest] = await store.decisions.last(1);
  await story.sweep();
  const [swept] = await store.decisions.last(1);
  if (swept?.id !== newest?.id) throw new Error(`the sweep says something new: ${swept?.reason.message}`);
  const after = await store.builds.page({ limit: 1, cursor: null });
  if (after.items[0]?.id !== builds.items[0]?.id || fakes.engine.builds.length !== made) {
    throw new Error('something was built');
  }
}

/** @throws an error that says what did not come right. */
export async function checkEnding(story: Story): Promise<void> {
  await story.whenIdle();
  await checkLastEnds(story);
  await story.sweep();
  await open(story);
  await repair(story);
  for (const [index, one] of (await open(story)).entries()) await remedy(story, one, index);
  const left = await open(story);
  if (left.length > 0)
    throw new Error(left.map(({ place, excuse }) => `${said(place)}: ${JSON.stringify(excuse)}`).join('\n'));
  await checkAtRest(story);
  if (story.watch.wrongs.length > 0) throw new Error(story.watch.wrongs.join('\n'));
  const errors = story.stage.log.lines.filter(
    ({ level, message }) => level === 'error' && !message.includes('scripted'),
  );
  if (errors.length > 0)
    throw new Error(errors.map(({ message, bindings }) => `${message} ${JSON.stringify(bindings)}`).join('\n'));
}
