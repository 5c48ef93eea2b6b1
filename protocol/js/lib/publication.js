/** One track that is sent; see `Publication` in `tapedeck.d.ts`. */

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
    return this.#line.wish.metadata;
  }

  get isMuted() {
    return this.#line.wish.track === null;
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

  mute() {
    return this.#alter({track: null});
  }

  unmute(track = this.#track) {
    this.#take(track);
    return this.#alter({track});
  }

  describe(metadata) {
    return this.#alter({metadata});
  }

  configure({priority, bitrate}) {
    const {config} = this.#line.wish;
    return this.#alter({config: {
      priority: priority ?? config.priority,
      bitrate: bitrate === undefined ? config.bitrate : bitrateOf(bitrate),
    }});
  }

  async unpublish() {
    if (this.#line.owner === this) {
      this.end();
      await this.#change(this.#line, this.#line.wish);
    }
  }

  /** The name can be taken anew. */
  end() {
    this.#line.wish = {...this.#line.wish, track: null};
    this.#line.owner = null;
    this.#onEnd();
  }

  #take(track) {
    if (track.kind !== this.kind) {
      throw new TapedeckError(
        'bad_options', `${this.name} sends ${this.kind}; a track of ${track.kind} cannot take its place`);
    }
    this.#track = track;
  }

  #alter(part) {
    return this.#change(this.#line, {...this.#line.wish, ...part});
  }
}

function bitrateOf(bitrate) {
  if (!BITRATES[bitrate]) {
    throw new TapedeckError('bad_options', `bitrate is ${Object.keys(BITRATES).join(' or ')}, not ${bitrate}`);
  }
  return BITRATES[bitrate];
}
