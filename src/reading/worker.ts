/** What a reading thread runs. */
import { serveTasks } from '../sandbox/serve.js';
import { createReadingTasks } from './tasks.js';

serveTasks(createReadingTasks());
