import { printFailure } from './print.ts';

const help = `Exanalytics Workbench

  exanalytics serve [options]          starts the store and serves the workbench
    --port N            port to listen on (8090)
    --host ADDRESS      loopback address to listen on (127.0.0.1)
    --data DIR          where data sets are kept (./data)
    --demo SIZE         none, small or large: data made for an empty store (small)
    --allow-origin URL  a site whose pages may use the store; may be given several times
    --log FILE          appends a JSON line for every request
    --access FILE       who may see what (docs/access.md); without it, this machine alone may do everything
    --url URL           the address browsers reach the store at, where it is not the one above
    --user-header NAME  a header in which the proxies named with --proxy ADDRESS say who asks

  exanalytics import FILE --as NAME    imports a file through the running store
    --help              lists its options

  exanalytics datasets [--store URL]   lists the data sets of the running store

  exanalytics array …                  arrays of any shape: create, import, info, rechunk; array --help

  exanalytics token …                  keys and tokens for gadgets in other pages; token --help

  exanalytics --help                   this page
`;

/**
 * Runs one command of the command line; resolves to the exit code once it has ended. Each is loaded when asked for: an
 * import needs neither the server nor DuckDB.
 */
export async function runCommand(args: readonly string[], { root }: { root: string }): Promise<number> {
  const [command, ...rest] = args;
  try {
    switch (command) {
      case 'serve':
        return await (await import('./serve-command.ts')).serveCommand(rest, { root });
      case 'import':
        return await (await import('./import-command.ts')).importCommand(rest);
      case 'array':
        return await (await import('./array-command.ts')).arrayCommand(rest);
      case 'token':
        return await (await import('./token-command.ts')).tokenCommand(rest);
      case 'datasets':
        return await (await import('./datasets-command.ts')).datasetsCommand(rest);
      case undefined:
      case 'help':
      case '--help':
      case '-h':
        console.log(help);
        return command === undefined ? 2 : 0;
      default:
        console.error(
          `There is no command “${command}”: the commands are serve, import, datasets, array and token; --help tells more.`,
        );
        return 2;
    }
  } catch (error) {
    return printFailure(error);
  }
}
