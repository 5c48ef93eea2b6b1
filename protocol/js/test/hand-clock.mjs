/** A platform whose time is moved by hand and whose chance is fixed. */
export class HandClock {
  millis = 0;
  #timers = new Map();
  #count = 0;

  /** @param {number} chance what `random` gives */
  constructor(chance = 0.5) {
    this.platform = {
      setTimeout: (action, delay) => {
        this.#timers.set(++this.#count, {action, at: this.millis + Math.max(0, delay)});
        return this.#count;
      },
      clearTimeout: (timer) => this.#timers.delete(timer),
      now: () => this.millis,
      random: () => chance,
    };
  }

  /** Lets time pass, and all that is due happen in its order. */
  async pass(millis) {
    const end = this.millis + millis;
    await settle();
    for (;;) {
      const [id, next] = [...this.#timers].sort(([, one], [, other]) => one.at - other.at)[0] ?? [];
      if (!next || next.at > end) {
        break;
      }
      this.#timers.delete(id);
      this.millis = next.at;
      next.action();
      await settle();
    }
    this.millis = end;
  }
}

/** Lets everything that waits for nothing but promises run. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));
