import { ExaError } from '../../../src/protocol/errors.ts';
import { type Citation, parseCitation, parseSavedView } from '../../../src/protocol/saved-view.ts';
import { type KeptShelf, maxViews } from '../../kept-shelf.ts';
import { rowsOf } from './catalogue.ts';
import type { Writer } from './writer.ts';

/** Saved views and citations in the catalogue's file: they are backed up, restored and lost with it, never apart. */
export function keptShelf(writer: Writer): KeptShelf {
  const read = async (sql: string, values: string[]): Promise<readonly unknown[]> =>
    writer.alone(async (transaction) => {
      transaction.idle = true;
      return (await rowsOf(transaction.connection, sql, values)).map(
        ([record]) => JSON.parse(String(record)) as unknown,
      );
    });
  const viewsOf = (scope: string) =>
    read("SELECT record FROM exa_kept WHERE kind = 'view' AND scope = $1 ORDER BY made DESC, id", [scope]);
  return {
    async views(scope) {
      return (await viewsOf(scope)).map((record) => parseSavedView(record, 'view'));
    },
    saveView: (scope, view) =>
      writer.alone(async ({ connection }) => {
        const [count] = await rowsOf(
          connection,
          "SELECT count(*) FROM exa_kept WHERE kind = 'view' AND scope = $1 AND id <> $2",
          [scope, view.id],
        );
        if (Number(count?.[0]) >= maxViews)
          throw new ExaError(
            'refused',
            `The store keeps ${maxViews} saved views already: remove some first.`,
          );
        await connection.run("DELETE FROM exa_kept WHERE kind = 'view' AND scope = $1 AND id = $2", [
          scope,
          view.id,
        ]);
        await connection.run("INSERT INTO exa_kept VALUES ('view', $1, $2, $3, $4)", [
          scope,
          view.id,
          view.at,
          JSON.stringify(view),
        ]);
      }),
    removeView: (scope, id) =>
      writer.alone(async ({ connection }) => {
        await connection.run("DELETE FROM exa_kept WHERE kind = 'view' AND scope = $1 AND id = $2", [
          scope,
          id,
        ]);
      }),
    keepCitation: (scope, citation) =>
      writer.alone(async (transaction) => {
        const { connection } = transaction;
        const known = await rowsOf(
          connection,
          "SELECT id FROM exa_kept WHERE kind = 'citation' AND scope = $1 AND id = $2",
          [scope, citation.id],
        );
        if (known.length > 0) {
          transaction.idle = true;
          return;
        }
        await connection.run("INSERT INTO exa_kept VALUES ('citation', $1, $2, $3, $4)", [
          scope,
          citation.id,
          citation.at,
          JSON.stringify(citation),
        ]);
      }),
    async citation(scope, id): Promise<Citation | undefined> {
      const [record] = await read(
        "SELECT record FROM exa_kept WHERE kind = 'citation' AND scope = $1 AND id = $2",
        [scope, id],
      );
      return record === undefined ? undefined : parseCitation(record, 'citation');
    },
  };
}
