import { jest } from '@jest/globals';

// More of these files run side by side than there are cores, so each waits longer for the engine.
jest.setTimeout(60_000);
