// Sends the fake camera and microphone of this browser.
import { CANDIDATE, Signaling, fragmentOf } from './signaling.js';

export class Publisher {
  #connection = new RTCPeerConnection();
  #signaling;
  #candidates = [];
  #video;

  /**
   * options: server, token; width, height of the camera; codec such as "video/VP8", or null for the browser's choice;
   * simulcast: three layers q, h, f, of which only q is active at first; renumber: other payload types and extension
   * ids than the browser's; relay: "address:port" that stands before the server's socket, or null.
   * Resolves when the answer is applied, which is before the transport is connected.
   */
  static async start(options) {
    const publisher = new Publisher();
    await publisher.#start(options);
    return publisher;
  }

  async #start(options) {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
      video: { width: options.width, height: options.height, frameRate: 30 },
    });
    const audio = this.#connection.addTransceiver(stream.getAudioTracks()[0], { direction: 'sendonly' });
    this.#video = this.#connection.addTransceiver(stream.getVideoTracks()[0], {
      direction: 'sendonly',
      ...(options.simulcast && { sendEncodings: LAYERS }),
    });
    prefer(this.#video, options.codec);
    if (options.renumber) {
      prefer(audio, 'audio/opus');
    }
    this.#connection.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate) {
        this.#candidates.push(candidate.candidate);
      }
    };
    const { sdp } = await this.#connection.createOffer();
    await this.#connection.setLocalDescription({ type: 'offer', sdp: options.renumber ? renumbered(sdp) : sdp });
    this.#signaling = new Signaling(options.server, options.token);
    const answer = await this.#signaling.connect('/whip/endpoint', this.#connection.localDescription.sdp);
    await this.#connection.setRemoteDescription(
      { type: 'answer', sdp: options.relay ? through(answer, options.relay) : answer });
    await this.#restrain();
  }

  /**
   * Before anything is sent: a loaded test machine must not make the picture smaller, and layers above the lowest wait
   * until they are asked for. An answer may wake layers that the offer had paused, so this comes after it.
   */
  async #restrain() {
    const parameters = this.#video.sender.getParameters();
    parameters.degradationPreference = 'maintain-resolution';
    parameters.encodings.forEach((encoding, index) => {
      encoding.active = index === 0;
    });
    await this.#video.sender.setParameters(parameters);
  }

  description() {
    return this.#signaling.describe(this.#connection);
  }

  /** Layers by rid ("" without simulcast), and what the congestion control believes. */
  async stats() {
    const report = [...(await this.#connection.getStats()).values()];
    const layers = report.filter((entry) => entry.type === 'outbound-rtp' && entry.kind === 'video');
    const transport = report.find((entry) => entry.type === 'transport');
    const pair = report.find((entry) => entry.id === transport?.selectedCandidatePairId);
    const codec = report.find((entry) => entry.id === layers.find((layer) => layer.codecId)?.codecId);
    return {
      codec: codec?.mimeType ?? '',
      payloadType: codec?.payloadType ?? -1,
      availableBitsPerSecond: pair?.availableOutgoingBitrate ?? 0,
      layers: layers.map((layer) => ({
        rid: layer.rid ?? '',
        ssrc: layer.ssrc,
        isActive: layer.active,
        framesEncoded: layer.framesEncoded ?? 0,
        keyFramesEncoded: layer.keyFramesEncoded ?? 0,
        frameWidth: layer.frameWidth ?? 0,
        targetBitsPerSecond: layer.targetBitrate ?? 0,
        bytesSent: layer.bytesSent ?? 0,
        limitation: layer.qualityLimitationReason ?? '',
      })),
    };
  }

  async setActive(rid, active) {
    const parameters = this.#video.sender.getParameters();
    parameters.encodings.find((encoding) => encoding.rid === rid).active = active;
    await this.#video.sender.setParameters(parameters);
  }

  /** Sends what was gathered so far; returns the status. */
  async trickle(match) {
    const fragment = fragmentOf(this.#connection.localDescription.sdp, this.#candidates);
    return (await this.#signaling.patch(fragment, match)).status;
  }

  restartIce() {
    return this.#signaling.restartIce(this.#connection);
  }

  async stop() {
    const status = await this.#signaling.delete();
    this.#connection.close();
    return status;
  }
}

const LAYERS = [
  { rid: 'q', scaleResolutionDownBy: 4 },
  { rid: 'h', scaleResolutionDownBy: 2 },
  { rid: 'f' },
];

function prefer(transceiver, mimeType) {
  if (!mimeType) {
    return;
  }
  const kind = mimeType.split('/')[0];
  const { codecs } = RTCRtpSender.getCapabilities(kind);
  transceiver.setCodecPreferences(
    codecs.filter((codec) => [mimeType.toLowerCase(), `${kind}/rtx`].includes(codec.mimeType.toLowerCase())));
}

/** The answer with one candidate only, the relay's. */
function through(answer, relay) {
  const [, address, port] = /^(.*):(\d+)$/.exec(relay);
  let isFirst = true;
  return answer.replace(CANDIDATE, (line, head) => {
    const kept = isFirst ? `a=candidate:${head} ${address} ${port} typ host` : 'a=x-left-out';
    isFirst = false;
    return kept;
  });
}

/** Every payload type and extension id becomes another one; ids stay within those of the one-byte form. */
function renumbered(sdp) {
  const used = [...new Set([...sdp.matchAll(/^a=rtpmap:(\d+) /gm)].map(([, number]) => number))];
  const payloadTypes = new Map(used.map((number, index) => [number, String(127 - index)]));
  const moved = (number) => payloadTypes.get(number) ?? number;
  return sdp
    .replace(/^(m=\S+ \d+ \S+)((?: \d+)+)/gm, (line, head, numbers) => head + numbers.replace(/\d+/g, moved))
    .replace(/^(a=(?:rtpmap|fmtp|rtcp-fb):)(\d+)/gm, (line, head, number) => head + moved(number))
    .replace(/\bapt=(\d+)/g, (line, number) => `apt=${moved(number)}`)
    .replace(/^a=extmap:(\d+)/gm, (line, id) => `a=extmap:${15 - Number(id)}`);
}
