/** The first message to a dedicated worker: the port to listen to, and where it coordinates; without that it computes. */
export interface WorkerOrder {
  readonly port: MessagePort;
  readonly place?: string;
}

/** The name of a worker that tabs share: those of another build, or at another place, have another. */
export function printSharedName(build: string, place: string): string {
  return `${build} ${place}`;
}

export function readSharedName(name: string): { readonly build: string; readonly place: string } {
  const cut = name.indexOf(' ');
  return { build: name.slice(0, cut), place: name.slice(cut + 1) };
}
