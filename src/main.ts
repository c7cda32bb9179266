import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

/**
 * The bot's program. What was compiled once need not be again: a third of a start from source, and 20 MB that taking off the types
 * would cost. So that is on before anything else is read. It lies beside the program, where only who may change the program may
 * change it, unless NODE_COMPILE_CACHE names another folder; where nothing may be written, what is there is used.
 */
enableCompileCache(join(import.meta.dirname, '..', '.compiled'));
await import('./bot.ts');
