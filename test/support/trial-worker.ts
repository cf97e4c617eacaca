/** What a thread of the sandbox tests runs. */
import { serveTasks } from '../../src/sandbox/serve.js';
import { trialTasks } from './trial-tasks.js';

serveTasks(trialTasks);
