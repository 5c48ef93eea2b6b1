/** One track that is sent; see `Publication` in `tapedeck.d.ts`. */

import {requireCount, requireText, requireThat} from './checks.js';
import {TapedeckError} from './errors.js';

/** Lowest first, as RFC 8853 lets the sender order them; the layer `f` is the picture as the camera gives it. */
const LAYERS = [
  {rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 150_000},
  {rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 500_000},
  {rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 1_700_000},
];

const BITRATES = {consumers: 'DYNAMIC_CONSUMERS', max: 'MAX_BITRATE'};

/** Of a track, by what it is of. */
export function nameOf(kind, source) {
  return `${kind}_${source === 'screen' ? 'screen' : 'main'}`;
}

/**
 * What a line begins with, from what the application said.
 *
 * @param {MediaStreamTrack} track
 * @param {import('../tapedeck.js').PublishOptions} options
 */
export function planOf(track, options) {
  const {source = 'camera', metadata = null, simulcast, codec = null, priority = 1, bitrate = 'consumers'} = options;
  requireThat(['audio', 'video'].includes(track?.kind), 'what is published is a MediaStreamTrack');
  requireText('metadata', metadata);
  requireCount('priority', priority, 1);
  const layers = simulcast === true || simulcast === undefined && source === 'camera' ? LAYERS : simulcast || [{}];
  return {
    format: {
      encodings: track.kind === 'video' ? layers.map((layer) => ({scalabilityMode: 'L1T3', ...layer})) : [{}],
      codec: track.kind === 'video' ? codec : null,
    },
    wish: {
      track,
      isScreen: source === 'screen',
      metadata,
      config: {priority, bitrate: bitrateOf(bitrate)},
    },
  };
}

export class Publication {
  #line;
  #change;
  #onEnd;
  #track;
  /** What it was at its end: the line may be another's by now. */
  #lastWish = null;

  /**
   * @param {import('./lines.js').SendLine} line
   * @param {(line: object, wish: object) => Promise<void>} change makes it the line's wish and the server's truth
   * @param {() => void} onEnd it is over
   */
  constructor(line, change, onEnd) {
    this.#line = line;
    this.#change = change;
    this.#onEnd = onEnd;
    line.owner = this;
  }

  get name() {
    return this.#line.name;
  }

  get kind() {
    return this.#line.kind;
  }

  get track() {
    return this.#track;
  }

  get metadata() {
    return this.#wish.metadata;
  }

  get isMuted() {
    return this.#wish.track === null;
  }

  get #wish() {
    return this.#lastWish ?? this.#line.wish;
  }

  /** Begins to send. */
  async start(wish) {
    this.#track = wish.track;
    try {
      await this.#change(this.#line, wish);
    } catch (error) {
      this.end();
      throw error;
    }
  }

  async replace(track) {
    this.#take(track);
    if (!this.isMuted) {
      await this.#alter({track});
    }
  }

  async mute() {
    return this.#alter({track: null});
  }

  async unmute(track = this.#track) {
    this.#take(track);
    return this.#alter({track});
  }

  async describe(metadata) {
    requireText('metadata', metadata);
    return this.#alter({metadata});
  }

  async configure({priority, bitrate}) {
    const {config} = this.#wish;
    requireCount('priority', priority ?? config.priority, 1);
    return this.#alter({config: {
      priority: priority ?? config.priority,
      bitrate: bitrate === undefined ? config.bitrate : bitrateOf(bitrate),
    }});
  }

  async unpublish() {
    if (!this.#lastWish) {
      this.end();
      await this.#change(this.#line, this.#line.wish);
    }
  }

  /** The name can be taken anew. */
  end() {
    if (!this.#lastWish) {
      this.#lastWish = this.#line.wish = {...this.#line.wish, track: null};
      this.#line.owner = null;
      this.#onEnd();
    }
  }

  #take(track) {
    this.#requireLife();
    requireThat(track?.kind === this.kind,
      `${this.name} sends ${this.kind}; a track of ${track?.kind} cannot take its place`);
    this.#track = track;
  }

  #requireLife() {
    if (this.#lastWish) {
      throw new TapedeckError('closed', `this publication of ${this.name} is over; publish anew`);
    }
  }

  #alter(part) {
    this.#requireLife();
    return this.#change(this.#line, {...this.#line.wish, ...part});
  }
}

function bitrateOf(bitrate) {
  requireThat(Object.hasOwn(BITRATES, bitrate), `bitrate is ${Object.keys(BITRATES).join(' or ')}, not ${bitrate}`);
  return BITRATES[bitrate];
}
