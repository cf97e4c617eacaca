/** What a reading thread runs. */
import { serveTasks } from '../sandbox/serve.js';
import { createReadingTasks } from './reading-tasks.js';

serveTasks(createReadingTasks());
