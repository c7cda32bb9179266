import type { DatabaseConnection, Dialect, Driver } from 'kysely';
import type { Meter } from '../ports/meter.ts';
import { StoreError } from '../ports/store.ts';

/** The dialect with every query and every failure noted, those to connect and to commit among them. */
export function metered(dialect: Dialect, meter: Meter): Dialect {
  const noting = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      meter.storeFailed(error instanceof StoreError ? error.code : 'bug');
      throw error;
    }
  };
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (kysely) => dialect.createIntrospector(kysely),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => {
      const driver = dialect.createDriver();
      const known = new WeakSet<DatabaseConnection>();
      const acquire = driver.acquireConnection.bind(driver);
      const commit = driver.commitTransaction.bind(driver);
      driver.acquireConnection = async (...options: Parameters<Driver['acquireConnection']>) => {
        const connection = await noting(acquire(...options));
        if (known.has(connection)) return connection;
        known.add(connection);
        const execute: DatabaseConnection['executeQuery'] = connection.executeQuery.bind(connection);
        connection.executeQuery = async (...query) => {
          const startedAtMs = performance.now();
          try {
            return await noting(execute<never>(...query));
          } finally {
            meter.storeAsked(performance.now() - startedAtMs);
          }
        };
        return connection;
      };
      driver.commitTransaction = (connection) => noting(commit(connection));
      return driver;
    },
  };
}
