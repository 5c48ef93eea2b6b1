/** Who is in the room and what they send, as the server tells it; ourselves excepted. */

const SOURCES = {
  audio_main: 'microphone',
  video_main: 'camera',
  video_screen: 'screen',
  audio_screen: 'screen-audio',
};

export class Roster {
  /** By name. @type {Map<string, import('../tapedeck.js').Peer>} */
  peers = new Map();

  /** Name of our peer. */
  own = '';

  #emit;
  /** Keys of what was there before a break and was not told again since. */
  #doubtful = new Set();

  /** @param {(event: string, subject: object) => void} emit */
  constructor(emit) {
    this.#emit = emit;
  }

  /** @param {object} event a `session.ServerEvent.Room` */
  onEvent({peerJoined, peerUpdated, peerLeaved, trackStarted, trackUpdated, trackStopped}) {
    const {peer} = peerJoined ?? peerUpdated ?? peerLeaved ?? trackStarted ?? trackUpdated ?? trackStopped ?? {};
    if (peer === undefined || peer === this.own) {
      return;
    }
    if (peerJoined) {
      this.#put(peer, {metadata: peerJoined.metadata ?? null, extraData: peerJoined.extraData ?? null});
    } else if (peerUpdated) {
      this.#put(peer, {metadata: peerUpdated.metadata ?? null});
    } else if (peerLeaved) {
      this.#removePeer(peer);
    } else if (trackStopped) {
      this.#removeTrack(peer, trackStopped.track);
    } else {
      this.#putTrack(peer, trackStarted ?? trackUpdated);
    }
  }

  /** After a break: what is not told again until {@link settle} has gone meanwhile. */
  doubt() {
    for (const {name, tracks} of this.peers.values()) {
      this.#doubtful.add(name);
      [...tracks.keys()].forEach((track) => this.#doubtful.add(trackKey(name, track)));
    }
  }

  settle() {
    for (const {name, tracks} of [...this.peers.values()]) {
      [...tracks.keys()].filter((track) => this.#doubtful.has(trackKey(name, track)))
        .forEach((track) => this.#removeTrack(name, track));
      if (this.#doubtful.has(name)) {
        this.#removePeer(name);
      }
    }
    this.#doubtful.clear();
  }

  /** We have left the room. */
  clear() {
    [...this.peers.keys()].forEach((name) => this.#removePeer(name));
  }

  #put(name, news) {
    this.#doubtful.delete(name);
    const before = this.peers.get(name);
    const peer = {name, metadata: null, extraData: null, tracks: new Map(), ...before, ...news};
    this.peers.set(name, peer);
    if (!before) {
      this.#emit('peer', peer);
    } else if (before.metadata !== peer.metadata || before.extraData !== peer.extraData) {
      this.#emit('peerupdate', peer);
    }
  }

  /** A peer that shows its tracks alone is known by them. */
  #putTrack(peer, {track: name, kind, metadata = null}) {
    if (!this.peers.has(peer)) {
      this.#put(peer, {});
    }
    this.#doubtful.delete(peer);
    this.#doubtful.delete(trackKey(peer, name));
    const {tracks} = this.peers.get(peer);
    const before = tracks.get(name);
    const track = Object.freeze({peer, name, kind: kind.toLowerCase(), metadata, source: SOURCES[name] ?? 'other'});
    tracks.set(name, track);
    if (!before) {
      this.#emit('track', track);
    } else if (before.metadata !== metadata) {
      this.#emit('trackupdate', track);
    }
  }

  #removeTrack(peer, name) {
    const tracks = this.peers.get(peer)?.tracks;
    const track = tracks?.get(name);
    if (track) {
      tracks.delete(name);
      this.#emit('trackend', track);
    }
  }

  #removePeer(name) {
    const peer = this.peers.get(name);
    if (peer) {
      [...peer.tracks.keys()].forEach((track) => this.#removeTrack(name, track));
      this.peers.delete(name);
      this.#emit('peerleft', peer);
    }
  }
}

/** No name holds a control character. */
const trackKey = (peer, track) => `${peer}\n${track}`;
