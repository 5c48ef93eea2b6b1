/** WHIP (RFC 9725): sends camera and microphone over one connection. */

import {RtcResource} from './rtc-resource.js';

/** Lowest first, as RFC 8853 lets the sender order them; the layer `f` is the picture as the camera gives it. */
const LAYERS = [
  {rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 150_000},
  {rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 500_000},
  {rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 1_700_000},
];

export class WhipPublisher extends RtcResource {
  /**
   * @param {string} token whip token
   * @param {MediaStream} stream at most one audio and one video track are sent
   * @param {{codec?: string, hasLayers?: boolean}} [options] `codec` such as `VP9` puts that video codec first;
   *   without layers one picture is sent
   */
  constructor(token, stream, {codec = '', hasLayers = true} = {}) {
    super('/whip/endpoint', token);
    const [audio] = stream.getAudioTracks();
    const [video] = stream.getVideoTracks();
    if (audio) {
      this.pc.addTransceiver(audio, {direction: 'sendonly', streams: [stream]});
    }
    if (video) {
      const transceiver = this.pc.addTransceiver(video, {
        direction: 'sendonly',
        streams: [stream],
        sendEncodings: hasLayers ? LAYERS.map((layer) => ({...layer, scalabilityMode: 'L1T1'})) : [{}],
      });
      prefer(transceiver, codec);
    }
  }
}

/** Puts a codec first in the offer; the rest stays behind it, so that a server without it can still answer. */
function prefer(transceiver, codec) {
  const mimeType = `video/${codec}`.toLowerCase();
  const all = RTCRtpSender.getCapabilities('video').codecs;
  const first = all.filter((each) => each.mimeType.toLowerCase() === mimeType);
  if (first.length > 0) {
    transceiver.setCodecPreferences([...first, ...all.filter((each) => !first.includes(each))]);
  }
}
