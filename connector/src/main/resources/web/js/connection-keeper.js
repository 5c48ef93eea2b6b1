/**
 * Keeps one media connection alive: restarts ICE when the path breaks, opens a new connection when that does not help,
 * slower and slower, and stops only when told to or when the server refuses the token.
 */

import {Backoff} from './backoff.js';

/** A short break often heals by itself (RFC 9429 calls `disconnected` transient). */
const HEAL_MILLIS = 2_000;
/** A connection that is not up after this long, first or restarted, is given up. */
const CONNECT_MILLIS = 12_000;
const FIRST_RETRY_MILLIS = 1_000;
const LONGEST_RETRY_MILLIS = 15_000;

/** @typedef {'connecting' | 'connected' | 'interrupted' | 'waiting' | 'denied' | 'closed'} KeeperState */

export class ConnectionKeeper {
  /** @type {KeeperState} */
  state = 'connecting';
  /** Why the last try failed; null while all is well. @type {?Error} */
  error = null;
  /** @type {?import('./rtc-resource.js').RtcResource} */
  resource = null;

  #make;
  #listener;
  #backoff;
  #timer = null;

  /**
   * @param {() => import('./rtc-resource.js').RtcResource} make a new connection, not yet open
   * @param {{onState: () => void, onOpen?: (resource: any) => void}} listener `onOpen` comes for every new
   *   connection, when its answer is applied
   * @param {Backoff} [backoff]
   */
  constructor(make, listener, backoff = new Backoff(FIRST_RETRY_MILLIS, LONGEST_RETRY_MILLIS)) {
    this.#make = make;
    this.#listener = listener;
    this.#backoff = backoff;
  }

  /** Opens the first connection; resolves when its answer is applied or it failed and a retry is under way. */
  async start() {
    this.#clearTimer();
    const resource = this.#make();
    this.resource = resource;
    resource.pc.addEventListener('connectionstatechange', () => this.#onConnection(resource));
    resource.pc.addEventListener('iceconnectionstatechange', () => this.#onConnection(resource));
    this.#set('connecting', this.error);
    let failure = null;
    try {
      await resource.open();
    } catch (error) {
      failure = error;
    }
    if (!this.#isCurrent(resource)) {
      // Stopped while the offer was on its way: the server must not keep what nobody holds.
      await resource.close();
    } else if (failure) {
      await this.#fail(resource, failure);
    } else {
      this.#listener.onOpen?.(resource);
      this.#expectConnected(resource);
    }
  }

  /** Ends the connection here and at the server. */
  async stop() {
    this.#clearTimer();
    const resource = this.resource;
    this.resource = null;
    this.#set('closed', null);
    await resource?.close();
  }

  #isCurrent(resource) {
    return this.resource === resource && this.state !== 'closed' && this.state !== 'denied';
  }

  #onConnection(resource) {
    if (!this.#isCurrent(resource)) {
      return;
    }
    const {connectionState, iceConnectionState} = resource.pc;
    if (connectionState === 'connected') {
      this.#clearTimer();
      this.#backoff.reset();
      this.#set('connected', null);
    } else if (iceConnectionState === 'failed' && this.state === 'connected') {
      this.#restart(resource);
    } else if (iceConnectionState === 'failed' || connectionState === 'failed') {
      this.#fail(resource, new Error('no way through the network to the media server was found'));
    } else if (iceConnectionState === 'disconnected' && this.state === 'connected') {
      this.#clearTimer();
      this.#timer = setTimeout(() => this.#restart(resource), HEAL_MILLIS);
    }
  }

  async #restart(resource) {
    this.#clearTimer();
    this.#set('interrupted', null);
    try {
      await resource.restart();
      this.#expectConnected(resource);
    } catch (error) {
      await this.#fail(resource, error);
    }
  }

  #expectConnected(resource) {
    // A path that healed during the restart tells no change of state.
    this.#onConnection(resource);
    if (this.#isCurrent(resource) && this.state !== 'connected') {
      this.#clearTimer();
      this.#timer = setTimeout(
        () => this.#fail(resource, new Error('the media server did not answer in time')), CONNECT_MILLIS);
    }
  }

  async #fail(resource, error) {
    if (!this.#isCurrent(resource)) {
      return;
    }
    this.#clearTimer();
    this.resource = null;
    if (error.isDenied) {
      this.#set('denied', error);
    } else {
      this.#set('waiting', error);
      this.#timer = setTimeout(() => this.start(), this.#backoff.nextMillis());
    }
    await resource.close();
  }

  #clearTimer() {
    clearTimeout(this.#timer);
  }

  #set(state, error) {
    this.state = state;
    this.error = error;
    this.#listener.onState();
  }
}
