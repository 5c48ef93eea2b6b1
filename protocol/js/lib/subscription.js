/** One track that is received; see `Subscription` in `tapedeck.d.ts`. */

import {Emitter} from './emitter.js';
import {EVERYTHING} from './lines.js';

export class Subscription extends Emitter {
  status = 'waiting';
  stats = null;

  #line;
  #change;
  #onEnd;

  /**
   * @param {import('./lines.js').ReceiveLine} line a free one
   * @param {(line: object, wish: object) => Promise<void>} change makes it the line's wish and the server's truth
   * @param {() => void} onEnd it is over
   */
  constructor(line, change, onEnd) {
    super();
    this.#line = line;
    this.#change = change;
    this.#onEnd = onEnd;
    line.owner = this;
  }

  get peer() {
    return this.#line.wish.source?.peer ?? '';
  }

  get name() {
    return this.#line.wish.source?.track ?? '';
  }

  get kind() {
    return this.#line.kind;
  }

  get stream() {
    return this.#line.stream;
  }

  get layers() {
    const {priority, ...layers} = this.#line.wish.config;
    return layers;
  }

  get priority() {
    return this.#line.wish.config.priority;
  }

  /** @param {import('../tapedeck.js').SubscribeOptions} options */
  async start({peer, name}, {layers = {}, priority = 1} = {}) {
    try {
      await this.#change(this.#line, {source: {peer, track: name}, config: {...EVERYTHING, ...layers, priority}});
    } catch (error) {
      this.end();
      throw error;
    }
  }

  setLayers(layers) {
    return this.#configure({...EVERYTHING, ...layers, priority: this.priority});
  }

  setPriority(priority) {
    return this.#configure({...this.layers, priority});
  }

  async switchTo({peer, name, kind = this.kind}) {
    if (kind !== this.kind) {
      throw new TypeError(`a subscription to ${this.kind} cannot show ${kind}`);
    }
    this.onStatus('waiting');
    await this.#change(this.#line, {...this.#line.wish, source: {peer, track: name}});
  }

  async detach() {
    if (this.#line.owner === this) {
      this.end();
      await this.#change(this.#line, this.#line.wish);
    }
  }

  /** The line is free again. */
  end() {
    this.#line.wish = {source: null, config: {...EVERYTHING}};
    this.#line.owner = null;
    this.#onEnd();
  }

  onStatus(status) {
    if (this.status !== status) {
      this.status = status;
      this.emit('status', status);
    }
  }

  /** @param {object} stats `session.ServerEvent.Receiver.Stats` */
  onStats({source, transmit}) {
    this.stats = {
      source: source ? {
        bitrateKbps: source.bitrateKbps,
        roundTripMillis: 1000 * source.rtt,
        lost: source.lost,
        jitterMillis: 1000 * source.jitter,
      } : null,
      transmit: transmit ?? null,
    };
    this.emit('stats', this.stats);
  }

  onLevel(level) {
    this.emit('level', level);
  }

  #configure(config) {
    return this.#change(this.#line, {...this.#line.wish, config});
  }
}
