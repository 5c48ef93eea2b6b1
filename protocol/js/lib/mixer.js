/** The loudest speakers on a few lines, as the server chooses them; see `Mixer` in `tapedeck.d.ts`. */

import {requireTracks} from './checks.js';
import {Emitter} from './emitter.js';

export class Mixer extends Emitter {
  slots;

  #request;
  #lines;
  #isManual;
  #sources;

  /**
   * @param {import('../tapedeck.js').MixerOptions} options
   * @param {import('./lines.js').Lines} lines
   * @param {(branch: object) => Promise<object>} request sends it on the connection there is
   */
  constructor({outputs, mode = 'auto', sources = []}, lines, request) {
    super();
    this.#request = request;
    this.#isManual = mode === 'manual';
    this.#sources = sources.map(toSource);
    this.#lines = Array.from({length: outputs}, () => {
      const line = lines.freeReceiver('audio');
      line.owner = this;
      return line;
    });
    this.slots = Object.freeze(this.#lines.map((line, index) => ({index, stream: line.stream, speaker: null})));
  }

  get mode() {
    return this.#isManual ? 'manual' : 'auto';
  }

  async attach(tracks) {
    requireTracks('what is attached', tracks);
    const more = tracks.map(toSource);
    await this.#request({features: {mixer: {attach: {sources: more}}}});
    this.#sources = [...this.#without(more), ...more];
  }

  async detach(tracks) {
    requireTracks('what is detached', tracks);
    const fewer = tracks.map(toSource);
    await this.#request({features: {mixer: {detach: {sources: fewer}}}});
    this.#sources = this.#without(fewer);
  }

  /** As `features.mixer.Config`: what it is now. */
  toMessage() {
    return {mode: this.mode.toUpperCase(), outputs: this.#lines.map(({name}) => name), sources: this.#sources};
  }

  /** Whom this line plays, as `{peer, track}`; null for nobody. */
  sourceOf(line) {
    const speaker = this.slots[this.#lines.indexOf(line)]?.speaker;
    return speaker ? toSource(speaker) : null;
  }

  /** @param {object} event a `features.mixer.ServerEvent` @returns {?object} the line that changed */
  onEvent({slotSet, slotUnset}) {
    const index = (slotSet ?? slotUnset)?.slot;
    return index < this.slots.length ? this.#set(index, slotSet?.source) : null;
  }

  /** Nobody is heard: we are in no room, or not yet again. */
  clear() {
    this.slots.forEach(({speaker}, index) => speaker && this.#set(index, undefined));
  }

  #set(index, source) {
    const slot = this.slots[index];
    slot.speaker = source ? {peer: source.peer, name: source.track, kind: 'audio'} : null;
    this.emit('slot', slot);
    return this.#lines[index];
  }

  #without(sources) {
    const keys = sources.map(keyOf);
    return this.#sources.filter((source) => !keys.includes(keyOf(source)));
  }
}

const toSource = ({peer, name}) => ({peer, track: name});
const keyOf = ({peer, track}) => JSON.stringify([peer, track]);
