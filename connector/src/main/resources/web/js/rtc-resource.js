/**
 * One RTCPeerConnection and the HTTP resource that stands for it at the server: what WHIP (RFC 9725) and WHEP have in
 * common. The offer is posted at once, candidates trickle behind it, the answer comes whole because the server is
 * ICE-lite.
 */

import {call} from './api.js';
import {fragmentOf, restartedAnswer} from './sdpfrag.js';

/** Candidates that come within this time travel in one request. */
const TRICKLE_BATCH_MILLIS = 50;
/** A restart waits this long for its new candidates; later ones trickle. */
const RESTART_GATHERING_MILLIS = 500;
/** A server that does not answer the good-bye is not waited for longer. */
const GOOD_BYE_MILLIS = 1_000;

export class RtcResource {
  /** @type {RTCPeerConnection} */
  pc = new RTCPeerConnection({bundlePolicy: 'max-bundle'});
  /** Address of the resource, known once open. */
  location = '';

  #endpoint;
  #token;
  #etag = '';
  #candidates = [];
  #isTrickling = true;
  #flushTimer = null;
  /** Requests to the resource go one after the other, because each may change the entity tag. */
  #queue = Promise.resolve();

  /** @param {string} endpoint where the offer is posted @param {string} token */
  constructor(endpoint, token) {
    this.#endpoint = endpoint;
    this.#token = token;
    this.pc.addEventListener('icecandidate', ({candidate}) => this.#onCandidate(candidate));
  }

  /**
   * Offers what the connection has transceivers for, and applies the answer.
   *
   * @throws {import('./api.js').ApiError} when the server refuses; the connection is of no use then
   */
  async open() {
    await this.pc.setLocalDescription();
    const response = await call(this.#endpoint, this.#token, {
      method: 'POST',
      headers: {'Content-Type': 'application/sdp'},
      body: this.pc.localDescription.sdp,
    });
    // A relative Location is relative to where the answer came from (RFC 9110 §10.2.2).
    this.location = new URL(response.headers.get('Location'), response.url).href;
    this.#etag = response.headers.get('ETag') ?? '';
    await this.pc.setRemoteDescription({type: 'answer', sdp: await response.text()});
    this.#flushSoon();
  }

  /**
   * Restarts ICE and keeps everything else: session, tracks, slots.
   *
   * @throws {import('./api.js').ApiError} when the server refuses; then only a new connection helps
   */
  async restart() {
    clearTimeout(this.#flushTimer);
    this.#candidates = [];
    const answer = this.pc.currentRemoteDescription.sdp;
    await this.pc.setLocalDescription(await this.pc.createOffer({iceRestart: true}));
    await gathered(this.pc, RESTART_GATHERING_MILLIS);
    // Any entity tag: the restart replaces the ICE session whatever it was (RFC 9725 §4.3.3).
    const response = await this.#patch('*', () => this.#takeFragment());
    this.#etag = response.headers.get('ETag') ?? this.#etag;
    await this.pc.setRemoteDescription({type: 'answer', sdp: restartedAnswer(answer, await response.text())});
    this.#flushSoon();
  }

  /** Ends the connection here and at the server. Never fails: a resource nobody deletes times out by itself. */
  async close() {
    clearTimeout(this.#flushTimer);
    this.#isTrickling = false;
    if (this.location) {
      // Kept alive, so that it also leaves when the page is being closed.
      const goodBye = call(this.location, this.#token, {method: 'DELETE', keepalive: true}).catch(() => {});
      // First the request: closing sends a DTLS alert, on which the server drops the resource it would then not find.
      await Promise.race([goodBye, new Promise((resolve) => setTimeout(resolve, GOOD_BYE_MILLIS))]);
    }
    this.pc.close();
  }

  /** A request to the resource or below it, such as `slots`. */
  request(path, init) {
    return call(path ? `${this.location}/${path}` : this.location, this.#token, init);
  }

  #onCandidate(candidate) {
    this.#candidates.push(candidate);
    if (this.pc.signalingState === 'stable' && this.location) {
      this.#flushSoon();
    }
  }

  #flushSoon() {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = setTimeout(() => this.#flush(), TRICKLE_BATCH_MILLIS);
  }

  /** A server that does not take candidates finds us by our checks; it is asked only once. */
  async #flush() {
    if (!this.#isTrickling || this.#candidates.length === 0) {
      return;
    }
    try {
      await this.#patch(this.#etag, () => this.#takeFragment());
    } catch {
      this.#isTrickling = false;
    }
  }

  #takeFragment() {
    // The end is told as null, and by some browsers as an empty candidate too.
    const real = this.#candidates.filter((each) => each?.candidate);
    const ended = this.#candidates.includes(null);
    this.#candidates = [];
    return fragmentOf(this.pc.localDescription.sdp, real, ended);
  }

  #patch(ifMatch, body) {
    const sent = this.#queue.then(() => this.request('', {
      method: 'PATCH',
      headers: {
        'Content-Type': 'application/trickle-ice-sdpfrag',
        ...(ifMatch && {'If-Match': ifMatch}),
      },
      body: body(),
    }));
    this.#queue = sent.catch(() => {});
    return sent;
  }
}

function gathered(pc, longestMillis) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, longestMillis);
    pc.addEventListener('icegatheringstatechange', function onChange() {
      if (pc.iceGatheringState === 'complete') {
        pc.removeEventListener('icegatheringstatechange', onChange);
        clearTimeout(timer);
        resolve();
      }
    });
  });
}
