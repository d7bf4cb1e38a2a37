import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

interface Waiting {
  resolve(connection: DuckDBConnection): void;
  reject(error: unknown): void;
}

/** Connections for readers, made as needed and used again; at most `limit`, others wait in line. */
export class ConnectionPool {
  readonly #instance: DuckDBInstance;
  readonly #limit: number;
  readonly #idle: DuckDBConnection[] = [];
  readonly #waiting: Waiting[] = [];
  #made = 0;

  constructor(instance: DuckDBInstance, limit: number) {
    this.#instance = instance;
    this.#limit = limit;
  }

  async take(): Promise<DuckDBConnection> {
    const idle = this.#idle.pop();
    if (idle) return idle;
    if (this.#made >= this.#limit)
      return await new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
    this.#made++;
    try {
      return await this.#instance.connect();
    } catch (error) {
      this.#made--;
      throw error;
    }
  }

  give(connection: DuckDBConnection): void {
    const next = this.#waiting.shift();
    if (next) next.resolve(connection);
    else this.#idle.push(connection);
  }

  /** Closes a connection that cannot be used again; the next in line gets a new one. */
  replace(connection: DuckDBConnection): void {
    connection.closeSync();
    this.#made--;
    const next = this.#waiting.shift();
    if (next) this.take().then(next.resolve, next.reject);
  }

  close(): void {
    for (const connection of this.#idle.splice(0)) connection.closeSync();
  }
}
