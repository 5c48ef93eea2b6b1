/** One person's stay in a meeting: sends by one connection, watches by another, follows the room. No DOM in here. */

import {Api} from './api.js';
import {Backoff} from './backoff.js';
import {ConnectionKeeper} from './connection-keeper.js';
import {applyRoomEvent, EMPTY_ROOM, peersOf} from './room-state.js';
import {assignSeats, slotsOf, viewsOf} from './seats.js';
import {SlotSync} from './slot-sync.js';
import {EventStream} from './sse.js';
import {WhepWatcher} from './whep.js';
import {WhipPublisher} from './whip.js';

/** How many tiles beside the own one can have sound and picture. */
const SEATS = 12;
const FIRST_RENEWAL_MILLIS = 1_000;
const LONGEST_RENEWAL_MILLIS = 30_000;

export class Meeting {
  /** What the server said when we joined. @type {{room: string, peer: string, record: boolean}} */
  joined = {room: '', peer: '', record: false};
  /** @type {import('./seats.js').View[]} everybody else */
  views = [];
  /** @type {import('./seats.js').View[]} those the pool has no seat for */
  unseated = [];

  #invite;
  #name;
  #stream;
  #onChange;
  #onEnd;
  #room = EMPTY_ROOM;
  #isFollowing = true;
  #seats = Array(SEATS).fill(null);
  #events = null;
  #whip;
  #whep;
  #slots = new SlotSync(() => this.#onChange());
  #renewal = new Backoff(FIRST_RENEWAL_MILLIS, LONGEST_RENEWAL_MILLIS);
  #hasLeft = false;

  /**
   * @param {object} setting
   * @param {string} setting.invite token of the invitation
   * @param {string} setting.name shown to the others
   * @param {MediaStream} setting.stream what is sent; may be empty
   * @param {{codec?: string, hasLayers?: boolean}} setting.sending
   * @param {() => void} setting.onChange something to show has changed
   * @param {(words: string) => void} setting.onEnd the server ended the stay
   */
  constructor({invite, name, stream, sending, onChange, onEnd}) {
    this.#invite = invite;
    this.#name = name;
    this.#stream = stream;
    this.#onChange = onChange;
    this.#onEnd = onEnd;
    this.#whip = new ConnectionKeeper(
      () => new WhipPublisher(this.joined.whipToken, stream, sending),
      {onState: () => this.#onConnection(this.#whip)});
    this.#whep = new ConnectionKeeper(
      () => new WhepWatcher(this.joined.whepToken, SEATS),
      {onState: () => this.#onConnection(this.#whep), onOpen: (whep) => this.#slots.attach(whep)});
  }

  /** @throws {import('./api.js').ApiError} when the invitation does not hold; nothing has begun then */
  async join() {
    await this.#fetchTokens();
    this.#events = new EventStream(`/api/rooms/${encodeURIComponent(this.joined.room)}/events`, this.#invite, {
      onEvent: (type, data) => this.#onRoomEvent(type, data),
      onOpen: () => this.#setFollowing(true),
      onBreak: () => this.#setFollowing(false),
      onDenied: (error) => this.#end(error),
    });
    this.#events.run();
    this.#start(this.#whep);
    if (this.#stream.getTracks().length > 0) {
      this.#start(this.#whip);
    }
    this.#slots.show((mids) => slotsOf(this.#seats, mids));
  }

  /** Ends both connections at the server too. */
  async leave() {
    this.#hasLeft = true;
    this.#events?.close();
    this.#slots.detach();
    await Promise.all([this.#whip.stop(), this.#whep.stop()]);
  }

  /** Whether what one says and shows now may end up on a tape. */
  get isRecorded() {
    return this.joined.record || this.#room.recording !== null;
  }

  get recording() {
    return this.#room.recording;
  }

  get peers() {
    return peersOf(this.#room);
  }

  get slots() {
    return [...this.#slots.states.values()];
  }

  /** @returns {{whip: ?RTCPeerConnection, whep: ?RTCPeerConnection}} */
  get connections() {
    return {whip: this.#whip.resource?.pc ?? null, whep: this.#whep.resource?.pc ?? null};
  }

  /**
   * What can be seen and heard of a view now: only what the server has confirmed, so that no tile ever shows another
   * person's picture.
   *
   * @param {import('./seats.js').View} view
   * @returns {{audio: ?MediaStreamTrack, video: ?MediaStreamTrack, videoState: string, receiver: ?RTCRtpReceiver}}
   *   the receiver is that of the sound
   */
  mediaOf(view) {
    const seat = this.#whep.resource?.seats[this.#seats.findIndex((each) => each?.key === view.key)];
    const audio = this.#confirmed(seat?.audio, view.peer, view.audio);
    const video = this.#confirmed(seat?.video, view.peer, view.video);
    return {
      audio: audio ? seat.audio.receiver.track : null,
      video: video ? seat.video.receiver.track : null,
      videoState: video?.state ?? 'waiting',
      receiver: audio ? seat.audio.receiver : null,
    };
  }

  /** What is wrong, in words for the person concerned; empty when all is well. @returns {string[]} */
  get problems() {
    const problems = [
      connectionProblem(this.#whip, 'Others cannot see and hear you'),
      connectionProblem(this.#whep, 'You cannot see and hear the others'),
    ];
    if (!this.#isFollowing) {
      problems.push('The list of people may be out of date. Reconnecting…');
    }
    return [...new Set(problems.filter((problem) => problem !== ''))];
  }

  async #fetchTokens() {
    this.joined = await new Api(this.#invite).post('/api/invites/join', {name: this.#name});
    this.#updateViews();
  }

  #start(keeper) {
    if (!this.#hasLeft) {
      keeper.start();
    }
  }

  async #onConnection(keeper) {
    if (keeper === this.#whep && keeper.state !== 'connected' && keeper.state !== 'interrupted') {
      this.#slots.detach();
    }
    this.#onChange();
    if (keeper.state === 'denied') {
      await this.#renew(keeper);
    } else if (keeper.state === 'connected') {
      this.#renewal.reset();
    }
  }

  /** Tokens are shorter-lived than a meeting; the invitation gives new ones as long as it holds. */
  async #renew(keeper) {
    await new Promise((resolve) => setTimeout(resolve, this.#renewal.nextMillis()));
    if (this.#hasLeft) {
      return;
    }
    try {
      await this.#fetchTokens();
    } catch (error) {
      if (error.isDenied) {
        this.#end(error);
        return;
      }
    }
    this.#start(keeper);
  }

  #onRoomEvent(type, data) {
    this.#room = applyRoomEvent(this.#room, type, data);
    this.#updateViews();
  }

  #updateViews() {
    this.views = viewsOf(this.peers.filter(({peer}) => peer !== this.joined.peer));
    const {seats, unseated} = assignSeats(this.#seats, this.views);
    const isMoved = JSON.stringify(seats) !== JSON.stringify(this.#seats);
    this.#seats = seats;
    this.unseated = unseated;
    if (isMoved) {
      this.#slots.show((mids) => slotsOf(this.#seats, mids));
    }
    this.#onChange();
  }

  #setFollowing(isFollowing) {
    this.#isFollowing = isFollowing;
    this.#onChange();
  }

  async #end(error) {
    await this.leave();
    this.#onEnd(`${error.words}. Ask for a new invitation.`);
  }

  /** The slot's state if the server says that this transceiver carries this track. */
  #confirmed(transceiver, peer, track) {
    const slot = transceiver && this.#slots.states.get(transceiver.mid);
    return slot && track && slot.peer === peer && slot.track === track ? slot : null;
  }
}

function connectionProblem({state, error}, consequence) {
  switch (state) {
    case 'interrupted':
      return 'The connection is interrupted. Restoring it…';
    case 'waiting':
      return `${consequence}: ${error.words ?? error.message}. Trying again…`;
    case 'denied':
      return `${consequence}: ${error.words}. Asking for a new permission…`;
    default:
      return '';
  }
}
