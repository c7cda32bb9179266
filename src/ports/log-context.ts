import { AsyncLocalStorage } from 'node:async_hooks';

const context = new AsyncLocalStorage<object>();

/**
 * Every log line that is written within the work, however deep, carries these fields: so that all lines of one request, or of
 * one action, can be found by its id. An action that a request begins is work of its own.
 */
export function logged<T>(fields: object, work: () => T): T {
  return context.run(fields, work);
}

/** The fields of the work that goes on here. */
export function loggedHere(): object {
  return context.getStore() ?? {};
}
