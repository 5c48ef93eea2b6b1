/** Requests and events on the data channel of one connection: each request is answered, by its number. */

import {decode, encode} from './codec.js';
import {connectionLost, TapedeckError, wrapped} from './errors.js';
import {within} from './platform.js';

const RESPONSE_MILLIS = 10_000;

export class Requests {
  #platform;
  #channel;
  #onEvent;
  #sequence = 0;
  #pending = new Map();

  /**
   * @param {import('../tapedeck.js').Platform} platform
   * @param {RTCDataChannel} channel
   * @param {(event: object) => void} onEvent a `session.ServerEvent` that is no response
   */
  constructor(platform, channel, onEvent) {
    this.#platform = platform;
    this.#channel = channel;
    this.#onEvent = onEvent;
    channel.binaryType = 'arraybuffer';
    channel.addEventListener('message', ({data}) => this.#receive(new Uint8Array(data)));
  }

  /**
   * @param {object} branch of `session.Request`, such as `{session: {leave: {}}}`
   * @returns {Promise<object>} the `session.Response`
   * @throws {TapedeckError} `request_refused` with the server's name for it; `timed_out`; `connection_lost`;
   *   `bad_options` for what cannot be encoded or is too large; `busy` while too much waits to be sent
   */
  request(branch) {
    if (this.#channel.readyState !== 'open') {
      return Promise.reject(connectionLost('its data channel is not open'));
    }
    const reqId = ++this.#sequence;
    try {
      this.#channel.send(encode('session.ClientEvent', {seq: reqId, request: {reqId, ...branch}}));
    } catch (cause) {
      const isFull = cause.name === 'OperationError';
      return Promise.reject(wrapped(isFull ? 'busy' : 'bad_options', 'it cannot be sent', cause));
    }
    const answered = new Promise((resolve, reject) => this.#pending.set(reqId, {resolve, reject}));
    return within(this.#platform, RESPONSE_MILLIS, 'the media server’s response', answered)
      .finally(() => this.#pending.delete(reqId));
  }

  /** No response can be expected any more for what was asked until now. */
  fail(error) {
    this.#pending.forEach(({reject}) => reject(error));
  }

  #receive(bytes) {
    let event;
    try {
      event = decode('session.ServerEvent', bytes);
    } catch {
      return; // of a later protocol; nobody here could say what it was
    }
    if (event.response) {
      this.#settle(event.response);
    } else {
      this.#onEvent(event);
    }
  }

  #settle(response) {
    const {resolve, reject} = this.#pending.get(response.reqId) ?? {};
    if (response.error) {
      const {message} = response.error;
      reject?.(new TapedeckError('request_refused', `the media server refused: ${message}`, {serverName: message}));
    } else {
      resolve?.(response);
    }
  }
}
