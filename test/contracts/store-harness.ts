import type { Store } from '../../src/store/contract.js';

export interface StoreUnderTest {
  readonly store: Store;
  /** Closes the store and opens the same database again, as after `kill -9`: nobody has left. */
  reopen(): Promise<Store>;
  /** Closes it and removes what it kept. */
  close(): Promise<void>;
}

export interface StoreSettings {
  readonly logLimit: number;
  readonly now: () => number;
}

export type OpenStore = (settings: StoreSettings) => Promise<StoreUnderTest>;

/** One empty store for each test, closed afterwards. */
export function storeForEachTest(open: OpenStore, settings: StoreSettings = { logLimit: 1000, now: () => 5000 }) {
  let opened: StoreUnderTest;
  let store: Store;
  beforeEach(async () => {
    opened = await open(settings);
    store = opened.store;
  });
  afterEach(() => opened.close());
  return {
    get store(): Store {
      return store;
    },
    async reopen(): Promise<Store> {
      store = await opened.reopen();
      return store;
    },
  };
}
