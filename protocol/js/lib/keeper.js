/**
 * Keeps a connection: waits for a short break to heal, then restarts ICE, then makes another connection, slower and
 * slower, and stops when it is told to or when trying is in vain.
 */

import {Backoff} from './backoff.js';
import {closed, connectionLost, wrapped} from './errors.js';
import {sleep} from './platform.js';

/** Of an ICE restart that was answered, until the path is open. */
const RESTART_MILLIS = 10_000;
/** At most so long after the notice of a stop the first try to go elsewhere: not all clients at once. */
const MOVE_SPREAD_MILLIS = 5_000;
/** Between an action that met a broken connection and its next try. */
const RETRY_MILLIS = 100;
/** A connection that was kept so long was a good one: then the next tries begin quickly again. */
const STEADY_MILLIS = 10_000;
/** However long a server asks to be left alone. */
const LONGEST_RETRY_AFTER_MILLIS = 300_000;

const DEFAULTS = {healMillis: 2_000, firstDelayMillis: 500, longestDelayMillis: 15_000, giveUpMillis: Infinity};

export class Keeper {
  /** @type {'connecting' | 'connected' | 'reconnecting' | 'closed'} */
  state = 'connecting';
  /** @type {?import('./connection.js').Connection} */
  connection = null;

  #platform;
  #settings;
  #guide;
  #backoff;
  /** Aborted at the end. */
  #life = new AbortController();
  #timer = null;
  #openedAt = 0;
  #brokenAt = 0;
  #isReplacing = false;
  #waiting = [];

  /**
   * @param {import('../tapedeck.js').Platform} platform
   * @param {false | import('../tapedeck.js').ReconnectOptions} options
   * @param {object} guide
   * @param {(signal: AbortSignal) => Promise<import('./connection.js').Connection>} guide.open makes one and waits
   *   until it is open; once aborted it asks nobody for anything more, and rejects
   * @param {(connection: object) => Promise<void>} guide.restart its ICE
   * @param {(connection: object) => void} guide.onConnection another connection is in force
   * @param {(state: string, error: ?Error) => void} guide.onState
   * @param {(error: Error) => boolean} guide.isFinal whether another try is in vain
   * @param {(reason: string, error: ?Error) => void} guide.onEnd
   */
  constructor(platform, options, guide) {
    this.#platform = platform;
    this.#settings = {...DEFAULTS, ...options || {giveUpMillis: 0}};
    this.#guide = guide;
    this.#backoff =
      new Backoff(this.#settings.firstDelayMillis, this.#settings.longestDelayMillis, platform.random);
  }

  /** The first connection; if it fails nothing is kept. */
  async start() {
    const connection = await this.#guide.open(this.#life.signal);
    if (this.state === 'closed') {
      connection.close();
      throw closed();
    }
    this.#adopt(connection);
  }

  /**
   * Carries this out on the connection there is, or on the next one; once more if the connection breaks meanwhile.
   *
   * @template T
   * @param {(connection: import('./connection.js').Connection) => Promise<T>} action may be carried out twice
   * @returns {Promise<T>}
   */
  async run(action) {
    for (;;) {
      const connection = await this.#whenConnected();
      try {
        return await action(connection);
      } catch (error) {
        if (error.code !== 'connection_lost') {
          throw error;
        }
        await sleep(this.#platform, RETRY_MILLIS); // whoever has to know of the break is told in the meantime
      }
    }
  }

  /** The connection in force or one that went before it tells how its path is. */
  onPath(connection, error) {
    if (connection !== this.connection || this.state === 'closed') {
      return;
    }
    if (connection.path === 'open') {
      this.#platform.clearTimeout(this.#timer);
      this.#set('connected', null);
    } else if (connection.path === 'gone') {
      this.#platform.clearTimeout(this.#timer);
      this.#replace(error);
    } else if (this.state === 'connected') {
      this.#platform.clearTimeout(this.#timer);
      this.#timer = this.#platform.setTimeout(
        () => this.#restart(error), connection.path === 'interrupted' ? this.#settings.healMillis : 0);
    }
  }

  /** Restarts ICE now; if that fails another connection is made. */
  async restart() {
    if (this.state === 'connected') {
      await this.#restart(connectionLost('it is being restarted'));
    }
    await this.#whenConnected();
  }

  /** The server stops in so many seconds: goes on elsewhere, or there when it is back. Until then nothing is lost. */
  async move(remainingSeconds) {
    const {connection} = this;
    const spreadMillis = Math.min(remainingSeconds * 1000 / 2, MOVE_SPREAD_MILLIS);
    await sleep(this.#platform, this.#firstDelayMillis(this.#platform.now(), spreadMillis));
    if (connection === this.connection) {
      await this.#tryUntilOpen();
    }
  }

  /** Ends all. */
  async end(reason, error) {
    if (this.state === 'closed') {
      return;
    }
    this.#platform.clearTimeout(this.#timer);
    const {connection} = this;
    this.connection = null;
    this.#set('closed', error);
    this.#waiting.splice(0).forEach(({reject}) => reject(error ?? closed()));
    this.#life.abort(error ?? closed());
    this.#guide.onEnd(reason, error);
    await connection?.close();
  }

  async #restart(error) {
    const {connection} = this;
    if (this.#isReplacing) {
      connection?.lose(error); // its successor is on the way
      return;
    }
    this.#break(error);
    this.#timer = this.#platform.setTimeout(() => connection.lose(error), RESTART_MILLIS);
    try {
      await this.#guide.restart(connection);
      if (connection.path === 'open') {
        this.onPath(connection, null); // a restart of a good path changes nothing
      }
    } catch (cause) {
      connection.lose(cause);
    }
  }

  async #replace(error) {
    const {connection} = this;
    this.#break(error);
    if (this.#settings.giveUpMillis === 0) {
      await this.end('gave_up', error);
      return;
    }
    await sleep(this.#platform, this.#firstDelayMillis(this.#brokenAt, this.#settings.firstDelayMillis));
    if (connection === this.connection) {
      await this.#tryUntilOpen();
    }
  }

  async #tryUntilOpen() {
    if (this.#isReplacing) {
      return;
    }
    this.#isReplacing = true;
    try {
      let problem = await this.#tryToOpen();
      while (problem) {
        const askedMillis = Math.min(problem.retryAfterMillis ?? 0, LONGEST_RETRY_AFTER_MILLIS);
        await sleep(this.#platform, askedMillis + this.#backoff.nextMillis());
        problem = await this.#tryToOpen();
      }
    } finally {
      this.#isReplacing = false;
    }
  }

  /**
   * A bit of chance before the first try after a connection that lasted until then; after one that did not, the delay
   * of a failed try.
   */
  #firstDelayMillis(nowMillis, spreadMillis) {
    const byChance = this.#platform.random() * spreadMillis;
    if (nowMillis - this.#openedAt < STEADY_MILLIS) {
      return Math.max(byChance, this.#backoff.nextMillis());
    }
    this.#backoff.reset();
    return byChance;
  }

  /** @returns {Promise<?TapedeckError>} why to try again; null: there is nothing more to try */
  async #tryToOpen() {
    if (this.state === 'closed') {
      return null;
    }
    let next;
    try {
      next = await this.#guide.open(this.#life.signal);
    } catch (cause) {
      return this.#onFailedTry(wrapped('connection_lost', 'the try to connect failed', cause));
    }
    if (this.state === 'closed') {
      await next.close();
    } else {
      this.#adopt(next);
    }
    return null;
  }

  async #onFailedTry(error) {
    const isBroken = this.state === 'reconnecting';
    if (isBroken) {
      this.#guide.onState(this.state, error);
    }
    if (this.#guide.isFinal(error)) {
      // The connection that is being left may still be good.
      await (isBroken ? this.end('refused', error) : undefined);
      return null;
    }
    if (isBroken && this.#platform.now() - this.#brokenAt > this.#settings.giveUpMillis) {
      await this.end('gave_up', error);
      return null;
    }
    return error;
  }

  #adopt(connection) {
    const before = this.connection;
    this.connection = connection;
    this.#openedAt = this.#platform.now();
    before?.lose(connectionLost('another took its place'));
    this.#guide.onConnection(connection);
    this.#set('connected', null);
    if (connection.path === 'gone') {
      this.#replace(connectionLost('it ended at once'));
    }
  }

  #break(error) {
    if (this.state === 'connected') {
      this.#brokenAt = this.#platform.now();
    }
    this.#set('reconnecting', error);
  }

  #whenConnected() {
    if (this.state === 'connected') {
      return Promise.resolve(this.connection);
    }
    return this.state === 'closed' ? Promise.reject(closed())
      : new Promise((resolve, reject) => this.#waiting.push({resolve, reject}));
  }

  #set(state, error) {
    if (this.state === state) {
      return;
    }
    this.state = state;
    this.#guide.onState(state, error);
    if (state === 'connected') {
      this.#waiting.splice(0).forEach(({resolve}) => resolve(this.connection));
    }
  }
}
