import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** Connections for readers, made as needed and used again; at most `limit`, others wait in line. */
export class ConnectionPool {
  readonly #instance: DuckDBInstance;
  readonly #limit: number;
  readonly #idle: DuckDBConnection[] = [];
  readonly #waiting: ((connection: DuckDBConnection) => void)[] = [];
  #made = 0;

  constructor(instance: DuckDBInstance, limit: number) {
    this.#instance = instance;
    this.#limit = limit;
  }

  async take(): Promise<DuckDBConnection> {
    const idle = this.#idle.pop();
    if (idle) return idle;
    if (this.#made >= this.#limit) return await new Promise((resolve) => this.#waiting.push(resolve));
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
    if (next) next(connection);
    else this.#idle.push(connection);
  }

  close(): void {
    for (const connection of this.#idle.splice(0)) connection.closeSync();
  }
}
