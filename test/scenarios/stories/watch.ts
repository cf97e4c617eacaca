import type { Inputs } from '../../../src/model/inputs.js';
import type { NewBuild } from '../../../src/model/build.js';
import { inputsKey } from '../../../src/decide/inputs-key.js';
import type { PlanToRecord, Store } from '../../../src/store/contract.js';

interface Run {
  readonly build: NewBuild;
  inputs: Inputs;
  wasHead: boolean;
}

interface Keyed {
  readonly key: string;
  readonly buildId: string | null;
}

/**
 * Looks over the pipeline's shoulder. Keeps account of its own of what each branch's image was made from, and writes down what must not
 * happen: an unforced build from what the image is made from already, one that failed or was canceled and is repeated unasked, and a branch
 * tag on what was not the head.
 */
export class Watch {
  readonly wrongs: string[] = [];
  readonly #runs = new Map<string, Run>();
  readonly #baselines = new Map<string, string>();
  /** Branch → the newest decision about its head: the key of its inputs, the build that it asked for. */
  readonly #decided = new Map<string, Keyed>();
  /** Branch → the build that was tried in vain, and the inputs that it was made from. */
  readonly #inVain = new Map<string, Keyed>();

  readonly over = (store: Store): Store => ({
    ...store,
    decisions: {
      ...store.decisions,
      record: async (plan, now) => {
        const result = await store.decisions.record(plan, now);
        this.#recorded(
          plan,
          result.recorded.map(({ buildId }) => buildId),
        );
        return result;
      },
    },
    queue: {
      ...store.queue,
      progress: async (attempt, progress) => {
        if (progress.inputs) this.#begins(attempt.id, progress.inputs, progress.wasHead ?? false);
        return store.queue.progress(attempt, progress);
      },
      finish: async (attempt, end, now, looks) => {
        const ended = await store.queue.finish(attempt, end, now, looks);
        if (ended) this.#ends(attempt.id, end.status, end.status === 'succeeded' ? end.image.tags : []);
        return ended;
      },
    },
    housekeeping: {
      ...store.housekeeping,
      cancel: async (id, now) => {
        const result = await store.housekeeping.cancel(id, now);
        if (result === 'canceled') this.#ends(id, 'canceled', []);
        return result;
      },
    },
  });

  #recorded({ decisions }: PlanToRecord, buildIds: readonly (string | null)[]): void {
    for (const [at, { decision, build, inputsKey: key, trigger }] of decisions.entries()) {
      const branch = `${decision.service} ${decision.branch}`;
      const buildId = buildIds[at] ?? null;
      if (build?.id === buildId) {
        const [decided, inVain] = [this.#decided.get(branch), this.#inVain.get(branch)];
        const unasked = trigger.deliveryId === null && !build.forced;
        const stands = decided?.key === key || (inVain !== undefined && decided?.buildId === inVain.buildId);
        if (unasked && stands && inVain?.key === inputsKey(build.inputs)) {
          this.wrongs.push(
            `${branch}: ${build.commit} is tried again unasked (${trigger.kind}, ${decision.reason.code})`,
          );
        }
        this.#runs.set(build.id, { build, inputs: build.inputs, wasHead: false });
      }
      if (decision.reason.code !== 'forced') this.#decided.set(branch, { key, buildId });
    }
  }

  #begins(id: string, inputs: Inputs, wasHead: boolean): void {
    const run = this.#runs.get(id);
    if (!run) return;
    run.inputs = inputs;
    run.wasHead = wasHead;
    const branch = branchOf(run);
    if (!run.build.forced && this.#baselines.get(branch) === inputsKey(inputs)) {
      this.wrongs.push(`${branch}: ${inputs.head} runs (${run.build.reason.code}), and its image is there already`);
    }
  }

  #ends(id: string, status: string, tags: readonly string[]): void {
    const run = this.#runs.get(id);
    if (!run) return;
    const [branch, key] = [branchOf(run), inputsKey(run.inputs)];
    if (!run.wasHead && tags.includes(run.build.branch.replace('/', '-'))) {
      this.wrongs.push(`${branch}: ${run.build.commit} was not the head and has the tag of the branch`);
    }
    if (status === 'succeeded' && run.wasHead) this.#baselines.set(branch, key);
    if (status === 'failed' || status === 'canceled') this.#inVain.set(branch, { key, buildId: id });
    else if (this.#inVain.get(branch)?.key === key) this.#inVain.delete(branch);
  }
}

const branchOf = ({ build: { service, branch } }: Run): string => `${service} ${branch}`;
