/**
 * WHEP with slots: one connection with a fixed pool of m-lines, in pairs of sound and picture called seats. What each
 * m-line carries is told to the server at any time, without a new offer.
 */

import {RtcResource} from './rtc-resource.js';

/** Codecs asked for. Fewer formats keep an offer of many m-lines small; servers cap its size. */
const CODECS = {
  audio: ['audio/opus'],
  video: ['video/vp8', 'video/vp9', 'video/h264', 'video/av1', 'video/rtx'],
};

/** @typedef {{mid: string, kind: string, peer: ?string, track: ?string, state: string}} SlotState
 *   state is `empty`, `waiting`, `active` or `unsupported_codec` */

export class WhepWatcher extends RtcResource {
  /** @type {{audio: RTCRtpTransceiver, video: RTCRtpTransceiver}[]} */
  seats = [];

  /** @param {string} token whep token @param {number} seatCount how many can be watched at once */
  constructor(token, seatCount) {
    super('/whep/endpoint', token);
    for (let i = 0; i < seatCount; i++) {
      this.seats.push({audio: receiver(this.pc, 'audio'), video: receiver(this.pc, 'video')});
    }
  }

  /** @returns {{audio: string, video: string}[]} the mids of each seat; known once open */
  get mids() {
    return this.seats.map(({audio, video}) => ({audio: audio.mid, video: video.mid}));
  }

  /**
   * Says what each m-line shall carry.
   *
   * @param {{mid: string, peer: ?string, track?: string}[]} slots
   * @returns {Promise<SlotState[]>}
   */
  async putSlots(slots) {
    const response = await this.request('slots', {
      method: 'PUT',
      headers: {'Content-Type': 'application/json'},
      body: JSON.stringify({slots}),
    });
    return (await response.json()).slots;
  }

  /** @returns {Promise<SlotState[]>} */
  async readSlots() {
    return (await (await this.request('slots')).json()).slots;
  }
}

function receiver(pc, kind) {
  const transceiver = pc.addTransceiver(kind, {direction: 'recvonly'});
  const codecs = RTCRtpReceiver.getCapabilities(kind).codecs.filter(isWanted);
  if (codecs.length > 0) {
    transceiver.setCodecPreferences(codecs);
  }
  return transceiver;
}

function isWanted({mimeType, sdpFmtpLine = ''}) {
  const name = mimeType.toLowerCase();
  const isRare = /profile-id=[1-9]|profile=[1-9]|packetization-mode=0/.test(sdpFmtpLine);
  return CODECS[name.split('/')[0]].includes(name) && !isRare;
}
