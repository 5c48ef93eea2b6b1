// Receives tracks into slots: one m-line each, one tile each.
import { Signaling } from './signaling.js';
import { Tile } from './tile.js';

export class Watcher {
  #connection = new RTCPeerConnection();
  #signaling;
  #tiles = new Map();

  /**
   * options: server, token; audio, video: how many slots of each kind; peer: whom the first slots show, or null.
   * Resolves when the answer is applied, which is before the transport is connected.
   */
  static async start(options) {
    const watcher = new Watcher();
    await watcher.#start(options);
    return watcher;
  }

  async #start({ server, token, audio, video, peer }) {
    for (const kind of [...Array(audio).fill('audio'), ...Array(video).fill('video')]) {
      this.#connection.addTransceiver(kind, { direction: 'recvonly' });
    }
    this.#connection.ontrack = ({ track, transceiver }) => {
      this.#tiles.set(transceiver.mid, new Tile(track));
    };
    await this.#connection.setLocalDescription(await this.#connection.createOffer());
    this.#signaling = new Signaling(server, token);
    const query = peer ? `?peer=${encodeURIComponent(peer)}` : '';
    const answer = await this.#signaling.connect(`/whep/endpoint${query}`, this.#connection.localDescription.sdp);
    await this.#connection.setRemoteDescription({ type: 'answer', sdp: answer });
  }

  description() {
    return this.#signaling.describe(this.#connection);
  }

  tile(mid) {
    const tile = this.#tiles.get(mid);
    if (!tile) {
      throw new Error(`no track for mid ${mid}; there are ${[...this.#tiles.keys()].join(', ')}`);
    }
    return tile;
  }

  /** What the server says of every slot. */
  slots() {
    return this.#signaling.slots();
  }

  assign(wanted) {
    return this.#signaling.slots(wanted);
  }

  restartIce() {
    return this.#signaling.restartIce(this.#connection);
  }

  /** Reception of one slot; zeros before its first packet. */
  async stats(mid) {
    const report = await this.#connection.getStats();
    const inbound = [...report.values()].find((entry) => entry.type === 'inbound-rtp' && entry.mid === mid);
    const codec = report.get(inbound?.codecId);
    return {
      ssrc: inbound?.ssrc ?? 0,
      codec: codec?.mimeType ?? '',
      payloadType: codec?.payloadType ?? -1,
      packetsReceived: inbound?.packetsReceived ?? 0,
      framesDecoded: inbound?.framesDecoded ?? 0,
      keyFramesDecoded: inbound?.keyFramesDecoded ?? 0,
      framesDropped: inbound?.framesDropped ?? 0,
      frameWidth: inbound?.frameWidth ?? 0,
      keyFrameRequests: inbound?.pliCount ?? 0,
    };
  }

  async stop() {
    const status = await this.#signaling.delete();
    this.#connection.close();
    this.#tiles.forEach((tile) => tile.remove());
    return status;
  }
}
