import { memberOf, textOf, textsOf, type JsonObject } from '../../docker/answer.js';
import { recordOf } from '../messages/container-state.js';

/** What an image gives to its containers. */
export interface ImageSettings {
  readonly env: ReadonlyMap<string, string>;
  readonly labels: ReadonlyMap<string, string>;
  readonly volumes: ReadonlySet<string>;
  readonly command: readonly string[] | null;
  readonly entrypoint: readonly string[] | null;
  readonly user: string | null;
  readonly workingDir: string | null;
  readonly stopSignal: string | null;
  readonly healthcheck: JsonObject;
}

/** The settings in the engine's answer to `GET /images/NAME/json`. */
export function readImageSettings(seen: JsonObject): ImageSettings {
  const config = memberOf(seen, 'Config');
  return {
    env: environmentOf(config['Env']),
    labels: new Map(Object.entries(recordOf(config['Labels']))),
    volumes: new Set(Object.keys(memberOf(config, 'Volumes'))),
    command: wordsOf(config['Cmd']),
    entrypoint: wordsOf(config['Entrypoint']),
    user: textOf(config, 'User') || null,
    workingDir: textOf(config, 'WorkingDir') || null,
    stopSignal: textOf(config, 'StopSignal') || null,
    healthcheck: memberOf(config, 'Healthcheck'),
  };
}

/** The words of a command; null for none at all. */
export function wordsOf(value: unknown): readonly string[] | null {
  const words = textsOf(value);
  return words.length === 0 ? null : words;
}

/** `NAME=value` entries by name. The last of a name counts. */
export function environmentOf(value: unknown): ReadonlyMap<string, string> {
  return new Map(
    textsOf(value).map((entry) => {
      const [name = '', ...rest] = entry.split('=');
      return [name, rest.join('=')];
    }),
  );
}
