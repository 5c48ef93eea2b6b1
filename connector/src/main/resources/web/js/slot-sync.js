/** Keeps the server's slots as the page wants them: one request at a time, the newest wish, retried until done. */

import {Backoff} from './backoff.js';

const FIRST_RETRY_MILLIS = 500;
const LONGEST_RETRY_MILLIS = 5_000;
/** How often a slot that waits for its first packet is looked at again. */
const LOOK_AGAIN_MILLIS = 2_000;

export class SlotSync {
  /** What the server said last, by mid. @type {Map<string, import('./whep.js').SlotState>} */
  states = new Map();

  #onStates;
  #backoff = new Backoff(FIRST_RETRY_MILLIS, LONGEST_RETRY_MILLIS);
  #whep = null;
  #slotsFor = null;
  #isBusy = false;
  #isWanted = false;
  #puts = 0;
  #timer = null;

  /** @param {() => void} onStates called whenever the server has answered */
  constructor(onStates) {
    this.#onStates = onStates;
  }

  /**
   * From now on this connection is the one to map; it knows nothing yet.
   *
   * @param {import('./whep.js').WhepWatcher} whep
   */
  attach(whep) {
    this.detach();
    this.#whep = whep;
    this.#request();
  }

  /** Stops speaking to the server. */
  detach() {
    clearTimeout(this.#timer);
    this.#whep = null;
    this.states = new Map();
  }

  /** @param {(mids: {audio: string, video: string}[]) => object[]} slotsFor the wish, for the mids of a connection */
  show(slotsFor) {
    this.#slotsFor = slotsFor;
    this.#request();
  }

  async #request() {
    this.#isWanted = true;
    if (this.#isBusy) {
      return;
    }
    this.#isBusy = true;
    while (this.#isWanted && this.#whep && this.#slotsFor) {
      this.#isWanted = false;
      await this.#put(this.#whep);
    }
    this.#isBusy = false;
  }

  async #put(whep) {
    clearTimeout(this.#timer);
    this.#puts += 1;
    try {
      const states = await whep.putSlots(this.#slotsFor(whep.mids));
      this.#backoff.reset();
      this.#take(whep, states);
    } catch {
      this.#later(whep, this.#backoff.nextMillis(), () => this.#request());
    }
  }

  async #look(whep) {
    const puts = this.#puts;
    try {
      const states = await whep.readSlots();
      // An answer from before a later wish would undo what that wish was told.
      if (puts === this.#puts) {
        this.#take(whep, states);
      }
    } catch {
      this.#later(whep, this.#backoff.nextMillis(), () => this.#request());
    }
  }

  #take(whep, states) {
    if (whep !== this.#whep) {
      return;
    }
    this.states = new Map(states.map((state) => [state.mid, state]));
    if (states.some(({state}) => state === 'waiting')) {
      this.#later(whep, LOOK_AGAIN_MILLIS, () => this.#look(whep));
    }
    this.#onStates();
  }

  #later(whep, millis, task) {
    if (whep === this.#whep) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(task, millis);
    }
  }
}
