/** Event streams (WHATWG HTML, "Server-sent events") over fetch, because EventSource cannot send a bearer. */

import {call} from './api.js';
import {Backoff} from './backoff.js';

const FIRST_RETRY_MILLIS = 500;
const LONGEST_RETRY_MILLIS = 10_000;

/**
 * Text in, events out; an event that is cut off by the end of the stream is dropped, as the standard asks.
 *
 * @typedef {{type: string, data: string, id: string}} StreamEvent
 */
export class SseParser {
  #rest = '';
  #type = '';
  #data = [];
  /** The id last seen; it holds for later events too. */
  lastEventId = '';
  /** Milliseconds the server asks to wait before a new connection, or null. */
  retryMillis = null;

  /** @param {string} text the next piece, cut anywhere @returns {StreamEvent[]} the events it completes */
  push(text) {
    const events = [];
    const lines = this.#lines(text);
    for (const line of lines) {
      if (line !== '') {
        this.#field(line);
      } else if (this.#data.length > 0) {
        events.push({type: this.#type || 'message', data: this.#data.join('\n'), id: this.lastEventId});
        this.#forget();
      } else {
        this.#forget();
      }
    }
    return events;
  }

  /** A CR at the end waits for what follows: it may be half of a CR LF. */
  #lines(text) {
    const all = this.#rest + text;
    const end = all.endsWith('\r') ? all.length - 1 : all.length;
    const lines = all.slice(0, end).split(/\r\n|\r|\n/);
    this.#rest = lines.pop() + all.slice(end);
    return lines;
  }

  #field(line) {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'event') {
      this.#type = value;
    } else if (name === 'data') {
      this.#data.push(value);
    } else if (name === 'id' && !value.includes('\0')) {
      this.lastEventId = value;
    } else if (name === 'retry' && /^\d+$/.test(value)) {
      this.retryMillis = Number(value);
    }
  }

  #forget() {
    this.#type = '';
    this.#data = [];
  }
}

/** One event stream, opened again with back-off whenever it ends, until it is closed or the bearer is refused. */
export class EventStream {
  #url;
  #token;
  #listener;
  #closing = new AbortController();
  #backoff = new Backoff(FIRST_RETRY_MILLIS, LONGEST_RETRY_MILLIS);
  #lastEventId = '';

  /**
   * @param {string} url
   * @param {string} token
   * @param {{
   *   onEvent: (type: string, data: any) => void,
   *   onOpen?: () => void,
   *   onBreak?: (error: Error) => void,
   *   onDenied?: (error: import('./api.js').ApiError) => void,
   * }} listener `data` is parsed JSON; after `onBreak` the stream tries again, after `onDenied` it does not
   */
  constructor(url, token, listener) {
    this.#url = url;
    this.#token = token;
    this.#listener = listener;
  }

  /** Runs until closed or denied. */
  async run() {
    while (!this.#closing.signal.aborted) {
      let waitMillis = null;
      try {
        waitMillis = await this.#readOnce();
        this.#listener.onBreak?.(new Error('the event stream ended'));
      } catch (error) {
        if (this.#closing.signal.aborted) {
          return;
        }
        if (error.isDenied) {
          this.#listener.onDenied?.(error);
          return;
        }
        this.#listener.onBreak?.(error);
      }
      await pause(waitMillis ?? this.#backoff.nextMillis(), this.#closing.signal);
    }
  }

  close() {
    this.#closing.abort();
  }

  async #readOnce() {
    const headers = {Accept: 'text/event-stream'};
    if (this.#lastEventId) {
      headers['Last-Event-ID'] = this.#lastEventId;
    }
    const response = await call(this.#url, this.#token, {headers, signal: this.#closing.signal});
    this.#listener.onOpen?.();
    const parser = new SseParser();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      for (const event of parser.push(part.value)) {
        this.#backoff.reset();
        this.#lastEventId = event.id;
        this.#listener.onEvent(event.type, JSON.parse(event.data));
      }
    }
    return parser.retryMillis;
  }
}

/** Waits, or less when the signal comes first. */
function pause(millis, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, millis);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    }, {once: true});
  });
}
