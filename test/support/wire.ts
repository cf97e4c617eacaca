import type { Clock } from '../../src/clock.js';
import { SlipwayError, type ErrorCode } from '../../src/errors.js';

export interface WireFault {
  /** `engine.push`, `registry.putTag`, `git.refs`, … */
  readonly call: string;
  readonly code: ErrorCode;
}

/** Until everything that could go on without waiting has done so, and what was set for the next turn of the event loop begins. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const never = (): Promise<never> => new Promise(() => undefined);

/**
 * What lies between a Slipway in memory and the rest of the world. Every call over it takes a turn of the event loop, so that others get
 * in between; calls fail as told; and nothing comes back to a process that is gone.
 */
export class Wire {
  /** Faults that are yet to come, each for the next call of its name. */
  faults: WireFault[] = [];
  /** Grows whenever a call begins or ends. */
  activity = 0;

  /** The same part behind the wire: all its methods are calls that give promises. */
  outside<Part extends object>(name: string, part: Part, life: AbortSignal): Part {
    return behind(part, async (method, call) => {
      this.activity += 1;
      await turn();
      this.activity += 1;
      if (life.aborted) return never();
      this.#fail(`${name}.${method}`);
      const result = await call();
      return life.aborted ? never() : result;
    });
  }

  /** The same part, of which a process that is gone hears no more: what it had begun is done all the same. */
  inside<Part extends object>(part: Part, life: AbortSignal): Part {
    return behind(part, async (_method, call) => {
      if (life.aborted) return never();
      const result = await call();
      return life.aborted ? never() : result;
    });
  }

  /** For a process that is gone no pause ends. */
  clock(clock: Clock, life: AbortSignal): Clock {
    return {
      now: () => clock.now(),
      sleep: (ms, signal) => clock.sleep(ms, signal).then(() => (life.aborted ? never() : undefined)),
    };
  }

  #fail(call: string): void {
    const at = this.faults.findIndex((fault) => fault.call === call);
    const [fault] = at < 0 ? [] : this.faults.splice(at, 1);
    if (fault) throw new SlipwayError(fault.code, `scripted: ${fault.code}`);
  }
}

function behind<Part extends object>(
  part: Part,
  handle: (method: string, call: () => unknown) => Promise<unknown>,
): Part {
  return new Proxy(part, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]) => handle(String(name), () => Reflect.apply(member, target, given));
    },
  });
}
