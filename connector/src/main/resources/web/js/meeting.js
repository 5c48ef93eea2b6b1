/** One person's stay in a meeting, by our client module. No DOM in here. */

import {Api} from './api.js';
import {connectionWords, endWords} from './meeting-words.js';
import {OwnMedia} from './own-media.js';
import {signalOf} from './signal.js';
import {connect} from './tapedeck/tapedeck.js';
import {tracksOf, viewsOf} from './views.js';

/** How many tiles beside the own one can have sound and picture. */
const SEATS = 12;
const CHAT = 'chat';
const CHANGES = ['peer', 'peerupdate', 'peerleft', 'track', 'trackupdate', 'trackend', 'speakers', 'recording',
  'quality'];

export class Meeting {
  /** What the server said when we joined. @type {{room: string, peer: string, record: boolean}} */
  joined = {room: '', peer: '', record: false};
  /** @type {import('./views.js').View[]} everybody else */
  views = [];
  /** @type {import('./views.js').View[]} those there is no room for */
  unseated = [];
  /** What we send; from the join on. @type {OwnMedia} */
  own;

  #invite;
  #name;
  #sending;
  #on;
  #client = null;
  #chat = null;
  /** What is wrong beside the connection, by what it is about. */
  #failures = new Map();
  /** Subscriptions by key of their track; null while they are asked for. */
  #watched = new Map();
  #wanted = new Map();
  #breakCause = null;
  #isMoving = false;

  /**
   * @param {object} setting
   * @param {string} setting.invite token of the invitation
   * @param {string} setting.name shown to the others
   * @param {{codec: string, hasLayers: boolean, isSmall: boolean}} setting.sending
   * @param {() => void} setting.onChange something to show has changed
   * @param {(message: {peer: string, isMine: boolean, text: string}) => void} setting.onMessage of the chat
   * @param {(words: string) => void} setting.onEnd the stay has ended, and not by us
   */
  constructor({invite, name, sending, ...listeners}) {
    this.#invite = invite;
    this.#name = name;
    this.#sending = sending;
    this.#on = listeners;
  }

  /** @throws {Error} when the invitation does not hold or there is no way to the server; nothing has begun then */
  async join() {
    this.joined = await new Api(this.#invite).post('/api/invites/join', {name: this.#name});
    const {room, peer, token} = this.joined;
    this.#client = await connect({room, peer, token});
    CHANGES.forEach((event) => this.#client.on(event, () => this.#update()));
    this.#client.on('state', (state, error) => this.#onState(error));
    this.#client.on('dropped', (part, error) => this.#onDropped(part, error));
    this.#client.on('goaway', ({remainingSeconds}) => this.#onGoAway(remainingSeconds));
    this.#client.on('closed', (end) => end.reason !== 'left' && this.#on.onEnd(endWords(end)));
    this.own = new OwnMedia(this.#client, this.#sending,
      (error) => this.#fail('own', `The others cannot see or hear all you send: ${error.message}`));
    this.#openChat();
  }

  /** Ends the connection at the server too. */
  async leave() {
    await this.#client?.close();
  }

  /** @param {string} text @throws {Error} when it was not sent; it is not tried again */
  async say(text) {
    if (!this.#chat) {
      throw new Error('the chat is not open yet');
    }
    await this.#chat.send(text);
  }

  get peers() {
    return [...this.#client?.peers.values() ?? []];
  }

  /** @returns {import('./tapedeck/tapedeck.js').Recording} */
  get recording() {
    return this.#client.recording;
  }

  /** Of our own connection. @returns {'good' | 'fair' | 'poor' | 'lost'} */
  get quality() {
    return this.#client.quality;
  }

  get state() {
    return this.#client?.state ?? 'closed';
  }

  /** As the browser counts. @returns {Promise<RTCStatsReport>} */
  getStats() {
    return this.#client.getStats();
  }

  /**
   * What can be seen and heard of a view now.
   *
   * @param {import('./views.js').View} view
   * @returns {{audio: ?MediaStreamTrack, video: ?MediaStreamTrack, isWaiting: boolean, isSpeaking: boolean,
   *   signal: ?string}}
   */
  mediaOf({peer, audio, video}) {
    const sound = this.#watched.get(keyOf(peer, audio)) ?? null;
    const picture = this.#watched.get(keyOf(peer, video)) ?? null;
    const isSeen = picture?.status === 'active';
    return {
      audio: sound?.stream.getTracks()[0] ?? null,
      video: isSeen ? picture.stream.getTracks()[0] ?? null : null,
      isWaiting: video !== null && !isSeen,
      isSpeaking: this.#client.speakers.some((speaker) => speaker.peer === peer && speaker.track === audio),
      signal: signalOf([sound?.stats, picture?.stats]),
    };
  }

  /** What is wrong, in words for the person concerned; empty when all is well. @returns {string[]} */
  get problems() {
    const words = connectionWords(this.state, this.#breakCause, this.#isMoving);
    return [words, ...this.#failures.values()].filter((each) => each !== '');
  }

  #onState(error) {
    this.#breakCause = error;
    if (this.state === 'connected') {
      this.#isMoving = false;
    } else {
      this.#failures.delete('dropped'); // all of it is tried once more
    }
    this.#update();
  }

  /** Of what was there before a break, the server has refused this on the new connection. */
  #onDropped(part, error) {
    this.#watched.forEach((subscription, key) => subscription === part && this.#watched.delete(key));
    if (part === this.#chat) {
      this.#chat = null;
    }
    this.#fail('dropped', `Not everything came back after the break: ${error.message}`);
    this.#update();
  }

  /** Whoever has moved to another server by then is not told of it: nothing was interrupted. */
  #onGoAway(remainingSeconds) {
    this.#tellMoving(true);
    setTimeout(() => this.#tellMoving(false), remainingSeconds * 1_000);
  }

  #tellMoving(isMoving) {
    this.#isMoving = isMoving;
    this.#on.onChange();
  }

  async #openChat() {
    try {
      this.#chat = await this.#client.channel(CHAT);
      this.#chat.on('message', (message) => this.#on.onMessage(message));
    } catch (error) {
      this.#fail('chat', `The chat could not be opened: ${error.message}`);
    }
  }

  #update() {
    const {views, unseated} = viewsOf(this.#client.peers.values(), SEATS);
    this.views = views;
    this.unseated = unseated;
    this.#wanted = new Map(views.flatMap(tracksOf).map((track) => [keyOf(track.peer, track.name), track]));
    for (const [key, subscription] of this.#watched) {
      if (subscription && !this.#wanted.has(key)) {
        this.#watched.delete(key);
        subscription.detach().catch(() => {}); // of a track that is gone, or at the end of all
      }
    }
    this.#wanted.forEach((track, key) => this.#watched.has(key) || this.#watch(key, track));
    this.#on.onChange();
  }

  async #watch(key, track) {
    this.#watched.set(key, null);
    let subscription;
    try {
      subscription = await this.#client.subscribe(track);
    } catch (error) {
      this.#watched.delete(key);
      this.#fail(key, `${track.peer} cannot be seen or heard: ${error.message}`);
      return;
    }
    if (!this.#wanted.has(key)) {
      this.#watched.delete(key);
      await subscription.detach().catch(() => {}); // the track has gone meanwhile
      return;
    }
    this.#watched.set(key, subscription);
    this.#failures.delete(key);
    subscription.on('status', () => this.#on.onChange());
    subscription.on('stats', () => this.#on.onChange());
    this.#on.onChange();
  }

  #fail(about, words) {
    if (this.state !== 'closed') {
      this.#failures.set(about, words);
      this.#on.onChange();
    }
  }
}

const keyOf = (peer, name) => JSON.stringify([peer, name]);
