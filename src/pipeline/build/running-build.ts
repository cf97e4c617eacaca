import type { Build } from '../../model/build.js';
import type { Service } from '../../model/service.js';
import type { Journal } from '../report/journal.js';

/** A running build and what its stages share. */
export interface RunningBuild {
  readonly build: Build;
  readonly service: Service;
  readonly journal: Journal;
  readonly signal: AbortSignal;
}
