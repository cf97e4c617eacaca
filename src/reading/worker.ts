/** The program of a reading thread. */
import { serveTasks } from '../sandbox/serve.js';
import { createReadingTasks } from './tasks.js';

serveTasks(createReadingTasks());
