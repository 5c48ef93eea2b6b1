/** Who speaks, by the levels the server tells of what we receive. */

/** The server tells the level of a speaker every 500 ms; who is not heard of for so long is silent. */
const SILENT_MILLIS = 1_500;

export class Speakers {
  /** The loudest first. @type {readonly {peer: string, track: string, level: number}[]} */
  list = Object.freeze([]);

  #platform;
  #onChange;
  /** By receiving line: who, how loud, until when. */
  #heard = new Map();
  #timer = null;

  /** @param {import('../tapedeck.js').Platform} platform @param {(speakers: readonly object[]) => void} onChange */
  constructor(platform, onChange) {
    this.#platform = platform;
    this.#onChange = onChange;
  }

  /** @param {object} line on which this is received @param {number} level in dBov */
  hear(line, {peer, track}, level) {
    this.#heard.set(line, {peer, track, level, untilMillis: this.#platform.now() + SILENT_MILLIS});
    this.#update();
  }

  /** The line shows something else, or nothing. */
  forget(line) {
    if (this.#heard.delete(line)) {
      this.#update();
    }
  }

  clear() {
    this.#heard.clear();
    this.#update();
  }

  #update() {
    const now = this.#platform.now();
    this.#heard.forEach(({untilMillis}, line) => untilMillis <= now && this.#heard.delete(line));
    const speakers = [...this.#heard.values()].map(({peer, track, level}) => ({peer, track, level}))
      .sort((one, other) => other.level - one.level);
    const isChanged = JSON.stringify(speakers) !== JSON.stringify(this.list);
    this.list = Object.freeze(speakers);
    this.#platform.clearTimeout(this.#timer);
    if (this.#heard.size > 0) {
      const next = Math.min(...[...this.#heard.values()].map(({untilMillis}) => untilMillis));
      this.#timer = this.#platform.setTimeout(() => this.#update(), next - now);
    }
    if (isChanged) {
      this.#onChange(this.list);
    }
  }
}
