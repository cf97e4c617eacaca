/** What has to be undone when a command ends, however it ends. */
import { constants } from 'node:os';

/**
 * Collects undo steps. `run` does them once, newest first, and goes on where one fails. On SIGINT, SIGTERM and SIGHUP they are
 * run and the process exits as the shell expects it (128 + signal).
 */
export function createCleanup(say) {
  const steps = [];
  let running = null;
  let interrupted = false;
  async function undo() {
    while (steps.length > 0) {
      try {
        await steps.pop()();
      } catch (error) {
        say(`While cleaning up: ${error.message}`);
      }
    }
  }
  const run = () => (running ??= undo());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      interrupted = true;
      void run().then(() => process.exit(128 + constants.signals[signal]));
    });
  }
  return {
    add: (step) => steps.push(step),
    /** Leaves everything as it is: nothing is undone any more. */
    forget: () => steps.splice(0),
    run,
    /** Whether a signal ended the command: what fails after it is its consequence. */
    interrupted: () => interrupted,
  };
}
