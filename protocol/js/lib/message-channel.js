/** Messages by label; see `MessageChannel` in `tapedeck.d.ts`. */

import {requireThat} from './checks.js';
import {Emitter} from './emitter.js';

export class MessageChannel extends Emitter {
  label;

  #publishes;
  #subscribes;
  #own;
  #send;
  #onEnd;

  /**
   * @param {string} label
   * @param {{publish: boolean, subscribe: boolean}} use
   * @param {() => string} own name of our peer
   * @param {(branch: object) => Promise<object>} send on the connection there is now; rejected if there is none
   * @param {() => Promise<void>} onEnd it is over
   */
  constructor(label, {publish, subscribe}, own, send, onEnd) {
    super();
    this.label = label;
    this.#publishes = publish;
    this.#subscribes = subscribe;
    this.#own = own;
    this.#send = send;
    this.#onEnd = onEnd;
  }

  /** Branches of `session.Request` that open it, on every connection and in every room anew. */
  get opening() {
    return [
      ...this.#subscribes ? [this.#branch({sub: {}})] : [],
      ...this.#publishes ? [this.#branch({startPub: {}})] : [],
    ];
  }

  get closing() {
    return [
      ...this.#publishes ? [this.#branch({stopPub: {}})] : [],
      ...this.#subscribes ? [this.#branch({unsub: {}})] : [],
    ];
  }

  async send(data) {
    requireThat(typeof data === 'string' || data instanceof Uint8Array, 'a message is a text or a Uint8Array');
    await this.#send(this.#branch({pub: {data: typeof data === 'string' ? new TextEncoder().encode(data) : data}}));
  }

  close() {
    return this.#onEnd();
  }

  /** @param {{peer: string, message: Uint8Array}} message */
  onMessage({peer, message}) {
    this.emit('message', {peer, isMine: peer === this.#own(), data: message, text: new TextDecoder().decode(message)});
  }

  #branch(request) {
    return {messageChannel: {label: this.label, ...request}};
  }
}
