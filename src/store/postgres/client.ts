import pg from 'pg';

/**
 * A connection that ends where the server did not answer, instead of being used again: pg gives up a query after its
 * `query_timeout` and leaves it on the line, where its answer, or none for ever, would be the next one's.
 */
export class Client extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const query = this.query.bind(this) as (...asked: unknown[]) => unknown;
    const ending = (error: unknown) => {
      // What the server itself says leaves the line in order.
      if (!(error instanceof pg.DatabaseError)) void this.end();
      throw error;
    };
    this.query = ((...asked: unknown[]) => {
      const answer = query(...asked);
      return answer instanceof Promise ? answer.catch(ending) : answer;
    }) as pg.Client['query'];
  }
}
