/** Tells listeners. One that throws harms neither the others nor who tells. */
export class Emitter {
  #listeners = new Map();

  /**
   * @param {string} event
   * @param {(...args: any[]) => void} listener
   * @returns {() => void} takes the listener away again
   */
  on(event, listener) {
    const all = this.#listeners.get(event) ?? [];
    this.#listeners.set(event, [...all, listener]);
    return () => this.#listeners.set(event, this.#listeners.get(event).filter((each) => each !== listener));
  }

  emit(event, ...args) {
    for (const listener of this.#listeners.get(event) ?? []) {
      try {
        listener(...args);
      } catch (error) {
        queueMicrotask(() => {
          throw error; // the console's, as from any other listener
        });
      }
    }
  }
}
