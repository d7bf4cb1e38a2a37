/** Where the pieces of a file go. */
export interface FileSink {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** The file is whole; `name` where it can still be chosen. */
  close(name: string): Promise<void>;
  /** Nothing of it stays. */
  abort(): Promise<void>;
}

/** Files of which more is expected are written straight to disk, where the browser asks where. */
const bigBytes = 48 * 2 ** 20;

/** Pieces joined to a blob of their own, so that the page holds few bytes at once. */
const pieceBytes = 8 * 2 ** 20;

interface Picker {
  showSaveFilePicker?(options: {
    suggestedName: string;
  }): Promise<{ createWritable(): Promise<FileSystemWritableFileStream> }>;
}

/**
 * A file on disk when it will be big and the browser can stream to one, else a download once it is whole. Throws the
 * browser's AbortError when the person closes its dialog.
 */
export async function openSink(name: string, mime: string, expectedBytes: number): Promise<FileSink> {
  const { showSaveFilePicker } = window as Window & Picker;
  if (expectedBytes > bigBytes && showSaveFilePicker) {
    const handle = await showSaveFilePicker.call(window, { suggestedName: name });
    return streamSink(await handle.createWritable());
  }
  return downloadSink(mime);
}

function streamSink(stream: FileSystemWritableFileStream): FileSink {
  return {
    write: (bytes) => stream.write(bytes),
    close: () => stream.close(),
    abort: () => stream.abort(),
  };
}

function downloadSink(mime: string): FileSink {
  const blobs: Blob[] = [];
  let parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const fold = (): void => {
    if (parts.length > 0) blobs.push(new Blob(parts));
    parts = [];
    bytes = 0;
  };
  return {
    async write(part) {
      parts.push(part);
      bytes += part.byteLength;
      if (bytes >= pieceBytes) fold();
    },
    async close(name) {
      fold();
      download(new Blob(blobs, { type: mime }), name);
    },
    async abort() {
      parts = [];
      blobs.length = 0;
    },
  };
}

/** Hands a file to the browser's downloads. */
export function download(blob: Blob, name: string): void {
  const href = URL.createObjectURL(blob);
  Object.assign(document.createElement('a'), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
