/** How long to wait before the next try: doubling from a first to a longest delay, half of it left to chance. */
export class Backoff {
  #firstMillis;
  #longestMillis;
  #random;
  #tries = 0;

  /**
   * @param {number} firstMillis
   * @param {number} longestMillis
   * @param {() => number} random 0 up to 1
   */
  constructor(firstMillis, longestMillis, random) {
    this.#firstMillis = firstMillis;
    this.#longestMillis = longestMillis;
    this.#random = random;
  }

  /** @returns {number} milliseconds, never above the longest */
  nextMillis() {
    const full = Math.min(this.#firstMillis * 2 ** this.#tries, this.#longestMillis);
    this.#tries += 1;
    return Math.round(full * (1 - 0.5 * this.#random()));
  }

  /** To be called when a try succeeded. */
  reset() {
    this.#tries = 0;
  }
}
