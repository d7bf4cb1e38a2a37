import type { DuckDBConnection } from '@duckdb/node-api';
import type { Revocations } from '../../access/revocations.ts';
import { rowsOf } from './catalogue.ts';
import type { Writer } from './writer.ts';

/** Reads the tokens taken back so far, forgetting those that are over anyway. */
export async function openRevocations(
  connection: DuckDBConnection,
  writer: Writer,
  now: () => number,
): Promise<Revocations> {
  await connection.run(
    'CREATE TABLE IF NOT EXISTS exa_revoked (jti VARCHAR PRIMARY KEY, until BIGINT NOT NULL)',
  );
  await connection.run('DELETE FROM exa_revoked WHERE until < $1::BIGINT', [BigInt(Math.floor(now()))]);
  const taken = new Set(
    (await rowsOf(connection, 'SELECT jti FROM exa_revoked')).map(([jti]) => String(jti)),
  );
  return {
    has: (jti) => taken.has(jti),
    async revoke(jti, until) {
      await writer.alone(async ({ connection }) => {
        await connection.run('INSERT OR REPLACE INTO exa_revoked VALUES ($1, $2::BIGINT)', [
          jti,
          BigInt(Math.floor(until)),
        ]);
      });
      taken.add(jti);
    },
  };
}
