/**
 * Keeps a connection: waits for a short break to heal, then restarts ICE, then makes another connection, slower and
 * slower, and stops when it is told to or when trying is in vain.
 */

import {Backoff} from './backoff.js';
import {closed, connectionLost} from './errors.js';
import {sleep} from './platform.js';

/** Of an ICE restart that was answered, until the path is open. */
const RESTART_MILLIS = 10_000;
/** At most so long after the notice of a stop the first try to go elsewhere: not all clients at once. */
const MOVE_SPREAD_MILLIS = 5_000;
/** Between an action that met a broken connection and its next try. */
const RETRY_MILLIS = 100;

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
  #timer = null;
  #brokenAt = 0;
  #isReplacing = false;
  #waiting = [];

  /**
   * @param {import('../tapedeck.js').Platform} platform
   * @param {false | import('../tapedeck.js').ReconnectOptions} options
   * @param {object} guide
   * @param {() => Promise<import('./connection.js').Connection>} guide.open makes one and waits until it is open
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
    const connection = await this.#guide.open();
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
    await sleep(this.#platform, this.#platform.random() * spreadMillis);
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
    await sleep(this.#platform, this.#platform.random() * this.#settings.firstDelayMillis);
    if (connection === this.connection) {
      await this.#tryUntilOpen();
    }
  }

  async #tryUntilOpen() {
    if (this.#isReplacing) {
      return;
    }
    this.#isReplacing = true;
    while (this.state !== 'closed' && !await this.#tryToOpen()) {
      await sleep(this.#platform, this.#backoff.nextMillis());
    }
    this.#isReplacing = false;
  }

  /** @returns {Promise<boolean>} whether there is nothing more to try */
  async #tryToOpen() {
    let next;
    try {
      next = await this.#guide.open();
    } catch (error) {
      return this.#onFailedTry(error);
    }
    if (this.state === 'closed') {
      await next.close();
    } else {
      this.#backoff.reset();
      this.#adopt(next);
    }
    return true;
  }

  async #onFailedTry(error) {
    const isBroken = this.state === 'reconnecting';
    if (isBroken) {
      this.#guide.onState(this.state, error);
    }
    if (this.#guide.isFinal(error)) {
      // The connection that is being left may still be good.
      await (isBroken ? this.end('refused', error) : undefined);
      return true;
    }
    if (isBroken && this.#platform.now() - this.#brokenAt > this.#settings.giveUpMillis) {
      await this.end('gave_up', error);
      return true;
    }
    return false;
  }

  #adopt(connection) {
    const before = this.connection;
    this.connection = connection;
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
