import { memberOf, textOf, textsOf, type JsonObject } from '../../docker/answer.js';
import { SlipwayError } from '../../errors.js';
import type { ContainerSummary } from '../../model/container.js';
import type { Containers, HostLimits, NewContainer, ObservedContainer, Specification } from '../contract.js';
import {
  nameOf,
  readRestart,
  readState,
  readSummary,
  readVolumes,
  recordOf,
  timeOf,
} from '../messages/container-state.js';
import { createFault, faultOf, hostFault } from '../messages/faults.js';
import { createBody } from '../specification/create-body.js';
import { furtherSettings } from '../specification/further-settings.js';
import { readImageSettings } from '../specification/image-settings.js';
import { readParameters } from '../specification/read-parameters.js';
import type { Calls, HostAnswer } from './calls.js';
import { isName } from './names.js';

/** Questions that the engine answers from its own knowledge. */
const LOCAL_TIMEOUT_MS = 30_000;
/** Making or removing a container moves files. */
const CHANGE_TIMEOUT_MS = 120_000;

export interface ContainersDeps {
  readonly calls: Calls;
  readonly limits: () => Promise<HostLimits>;
  readonly volumeExists: (name: string) => Promise<boolean>;
}

/** The containers of an engine over its API (https://docs.docker.com/reference/api/engine/). See `Containers`. */
export function createContainers({ calls, limits, volumeExists }: ContainersDeps): Containers {
  const { host } = calls;
  const inspectRaw = async (idOrName: string): Promise<JsonObject | null> => {
    if (!isName(idOrName)) return null;
    const answer = await calls.ask({ method: 'GET', path: `/containers/${idOrName}/json` }, LOCAL_TIMEOUT_MS);
    return found(host, answer);
  };
  const inspect = async (idOrName: string, wanted?: Specification): Promise<ObservedContainer | null> => {
    const seen = await inspectRaw(idOrName);
    if (seen === null) return null;
    const path = `/images/${encodeURIComponent(textOf(seen, 'Image'))}/json`;
    const image = found(host, await calls.ask({ method: 'GET', path }, LOCAL_TIMEOUT_MS));
    return observed(seen, image, await limits(), wanted ?? null);
  };
  const checkVolumes = async ({ parameters }: NewContainer): Promise<void> => {
    for (const { kind, source, external } of parameters.mounts) {
      if (kind === 'volume' && external && !(await volumeExists(source)))
        throw faultOf(host, 'volume-missing', `there is no volume ${source}, and the run file says that it exists`);
    }
  };
  return {
    async list(labels = {}): Promise<readonly ContainerSummary[]> {
      const label = Object.entries(labels).map((pair) => pair.join('='));
      const query = { all: 'true', filters: JSON.stringify({ label }) };
      return (await calls.list({ method: 'GET', path: '/containers/json', query }, LOCAL_TIMEOUT_MS)).map(readSummary);
    },
    inspect,
    async create(container) {
      if (!isName(container.name)) throw new SlipwayError('internal', `“${container.name}” is no name of a container.`);
      await checkVolumes(container);
      const json = createBody(container);
      const request = { method: 'POST', path: '/containers/create', query: { name: container.name }, json } as const;
      const answer = await calls.ask(request, CHANGE_TIMEOUT_MS);
      if (answer.status === 201)
        return { id: textOf(answer.object, 'Id'), warnings: textsOf(answer.object['Warnings']) };
      if (answer.status !== 409) throw createFault(host, answer);
      return { id: sameContainer(host, await inspectRaw(container.name), container, answer), warnings: [] };
    },
    async remove(id) {
      if (!isName(id)) return true;
      const answer = await calls.ask({ method: 'DELETE', path: `/containers/${id}` }, CHANGE_TIMEOUT_MS);
      if (answer.status < 400 || answer.status === 404) return true;
      if (answer.status === 409) return false;
      throw hostFault(host, answer);
    },
  };
}

/** The object of an answer; null for 404. */
function found(host: string, answer: HostAnswer): JsonObject | null {
  if (answer.status === 404) return null;
  if (answer.status >= 400) throw hostFault(host, answer);
  return answer.object;
}

/** The id of the container that has the name, if it was made by the same request. */
function sameContainer(host: string, seen: JsonObject | null, wanted: NewContainer, answer: HostAnswer): string {
  // It is gone again, or being removed.
  if (seen === null) throw hostFault(host, answer);
  const labels = recordOf(memberOf(seen, 'Config')['Labels']);
  if (Object.entries(wanted.labels).every(([name, value]) => labels[name] === value)) return textOf(seen, 'Id');
  throw faultOf(host, 'owned-by-other', `another container has the name ${wanted.name}`);
}

function observed(
  seen: JsonObject,
  image: JsonObject | null,
  limits: HostLimits,
  wanted: Specification | null,
): ObservedContainer {
  const config = memberOf(seen, 'Config');
  return {
    id: textOf(seen, 'Id'),
    name: nameOf(textOf(seen, 'Name')),
    image: textOf(config, 'Image'),
    imageId: textOf(seen, 'Image'),
    digests: image === null ? [] : textsOf(image['RepoDigests']),
    labels: recordOf(config['Labels']),
    state: readState(seen),
    restart: readRestart(seen),
    parameters: image === null ? null : readParameters(seen, { image: readImageSettings(image), wanted, limits }),
    further: furtherSettings(seen),
    volumes: readVolumes(seen),
    createdAt: timeOf(textOf(seen, 'Created')) ?? 0,
  };
}
