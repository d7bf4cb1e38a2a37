import perspective from '@perspective-dev/client/inline';

/** The first rows of a table, by Perspective: its viewer would only add to it. */
const [client, answer] = await Promise.all([perspective.worker(), fetch('/rows.arrow')]);
const table = await client.table(await answer.arrayBuffer());
const view = await table.view();
const columns = (await view.to_columns({ start_row: 0, end_row: 40 })) as Record<string, unknown[]>;
const names = Object.keys(columns);
const rows = Array.from({ length: 40 }, (_, i) => names.map((name) => `<td>${columns[name]?.[i]}</td>`));
document.body.innerHTML = `<table data-ready><tr>${rows.map((cells) => cells.join('')).join('</tr><tr>')}</tr></table>`;
