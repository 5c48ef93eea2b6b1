/** One track that is received; see `Subscription` in `tapedeck.d.ts`. */

import {requireCount, requireThat, requireTrack} from './checks.js';
import {Emitter} from './emitter.js';
import {TapedeckError} from './errors.js';
import {EVERYTHING} from './lines.js';

const LAYERS = ['maxSpatial', 'maxTemporal', 'minSpatial', 'minTemporal'];

export class Subscription extends Emitter {
  status = 'waiting';
  stats = null;

  #line;
  #change;
  #onEnd;
  /** What it was at its end: the line may be another's by now. */
  #lastWish = null;

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
    return this.#wish.source?.peer ?? '';
  }

  get name() {
    return this.#wish.source?.track ?? '';
  }

  get kind() {
    return this.#line.kind;
  }

  get stream() {
    return this.#line.stream;
  }

  get layers() {
    const {priority, ...layers} = this.#wish.config;
    return layers;
  }

  get priority() {
    return this.#wish.config.priority;
  }

  get #wish() {
    return this.#lastWish ?? this.#line.wish;
  }

  /** @param {import('../tapedeck.js').SubscribeOptions} options */
  async start({peer, name}, {layers = {}, priority = 1} = {}) {
    try {
      const config = checked({...EVERYTHING, ...layers, priority});
      await this.#change(this.#line, {source: {peer, track: name}, config});
    } catch (error) {
      this.end();
      throw error;
    }
  }

  async setLayers(layers) {
    return this.#configure({...EVERYTHING, ...layers, priority: this.priority});
  }

  async setPriority(priority) {
    return this.#configure({...this.layers, priority});
  }

  async switchTo(track) {
    requireTrack('what is shown', track);
    const {peer, name, kind = this.kind} = track;
    requireThat(kind === this.kind, `a subscription to ${this.kind} cannot show ${kind}`);
    this.#requireLife();
    this.onStatus('waiting');
    await this.#change(this.#line, {...this.#wish, source: {peer, track: name}});
  }

  async detach() {
    if (!this.#lastWish) {
      this.end();
      await this.#change(this.#line, this.#line.wish);
    }
  }

  /** The line is free again. */
  end() {
    if (!this.#lastWish) {
      this.#lastWish = this.#line.wish;
      this.#line.wish = {source: null, config: {...EVERYTHING}};
      this.#line.owner = null;
      this.#onEnd();
    }
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

  #requireLife() {
    if (this.#lastWish) {
      throw new TapedeckError('closed', `this subscription to ${this.name} of ${this.peer} is over; subscribe anew`);
    }
  }

  #configure(config) {
    this.#requireLife();
    return this.#change(this.#line, {...this.#wish, config: checked(config)});
  }
}

/** As `shared.Receiver.Config`. */
function checked({priority, ...layers}) {
  requireCount('priority', priority, 1);
  Object.entries(layers).forEach(([name, layer]) => {
    requireThat(LAYERS.includes(name), `layers have ${LAYERS.join(', ')}, not ${name}`);
    requireCount(name, layer ?? 0);
  });
  return {priority, ...layers};
}
