/** One event of a stream, as dispatched. */
export interface StreamEvent {
  /** `message` where the stream names none. */
  readonly event: string;
  readonly data: string;
  /** The last id seen up to this event; empty when there was none. */
  readonly id: string;
}

/** Reads text in pieces of any size; returns the events each piece completes. */
export interface EventStreamParser {
  push(text: string): StreamEvent[];
  /** Milliseconds the stream asks to wait before reconnecting, once it has. */
  readonly retryMs: number | undefined;
}

/** Parser of `text/event-stream` (WHATWG HTML, "Interpreting an event stream"). */
export function eventStreamParser(): EventStreamParser {
  let rest = '';
  let started = false;
  let data: string[] = [];
  let event = '';
  let id = '';
  let retryMs: number | undefined;

  function line(text: string, out: StreamEvent[]): void {
    if (text === '') {
      if (data.length > 0) out.push({ event: event || 'message', data: data.join('\n'), id });
      data = [];
      event = '';
      return;
    }
    const colon = text.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? text : text.slice(0, colon);
    let value = colon < 0 ? '' : text.slice(colon + 1);
    if (value.startsWith(' ')) value = value.slice(1);
    if (field === 'data') data.push(value);
    else if (field === 'event') event = value;
    else if (field === 'id' && !value.includes('\0')) id = value;
    else if (field === 'retry' && /^[0-9]+$/.test(value)) retryMs = Number(value);
  }

  return {
    push(text) {
      rest += text;
      if (!started && rest !== '') {
        started = true;
        if (rest.startsWith('\uFEFF')) rest = rest.slice(1);
      }
      const out: StreamEvent[] = [];
      let start = 0;
      for (let at = 0; at < rest.length; at++) {
        const code = rest.charCodeAt(at);
        if (code !== 10 && code !== 13) continue;
        // A CR at the very end may be half of a CRLF: wait for the next piece.
        if (code === 13 && at + 1 === rest.length) break;
        line(rest.slice(start, at), out);
        if (code === 13 && rest.charCodeAt(at + 1) === 10) at++;
        start = at + 1;
      }
      rest = rest.slice(start);
      return out;
    },
    get retryMs() {
      return retryMs;
    },
  };
}
