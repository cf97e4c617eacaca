/**
 * Jest's environment for Node, less a leak. Jest keeps the name of the running test in an AsyncLocalStorage of its own, one a file, and never
 * disables it. Up to Node 22 each that stays enabled makes every promise of the process slower: with those of 20 files, a promise takes 15
 * times as long.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { TestEnvironment } from 'jest-environment-node';
import { offerTo } from './once-a-worker.mjs';

const enabled = new Set();

const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function runAndRemember(...words) {
  enabled.add(this);
  return run.apply(this, words);
};

export default class extends TestEnvironment {
  async setup() {
    await super.setup();
    offerTo(this.global);
  }

  async teardown() {
    for (const storage of enabled) storage.disable();
    enabled.clear();
    await super.teardown();
  }
}
