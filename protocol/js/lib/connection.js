/**
 * One RTCPeerConnection with its data channel, from the offer to the end. It brings the server to what the lines wish
 * and remembers what it was told, so that the same call serves the first attach, every change, and what a break left
 * undone.
 */

import {connectionLost, wrapped} from './errors.js';
import {changes} from './lines.js';
import {unlessAborted, within} from './platform.js';
import {Requests} from './requests.js';

/** From the answer until the server says that we are in: checks, DTLS, SCTP. */
const ARRIVAL_MILLIS = 20_000;
/** A server that does not answer the good-bye is not waited for longer. */
const GOOD_BYE_MILLIS = 1_000;

/** What these say is what was asked for: it was heard, and its answer lost. */
const DONE_ALREADY = ['RpcTrackAlreadyAttached', 'RpcTrackNotAttached', 'LocalTrackNotPinSource'];

/**
 * `open`; `interrupted`: may heal by itself; `failed`: an ICE restart may help; `gone`: only another connection helps.
 *
 * @typedef {'opening' | 'open' | 'interrupted' | 'failed' | 'gone'} Path
 */

export class Connection {
  /** @type {Path} */
  path = 'opening';
  /** Of whoever keeps it: the stay it has entered. */
  stay = null;

  #platform;
  #gateway;
  #lines;
  #listener;
  #pc;
  #channel;
  #requests;
  #resource = null;
  /** By line. @type {Map<object, RTCRtpTransceiver>} */
  #transceivers = new Map();
  /** Wishes the server knows, by line. */
  #told = new Map();
  /** Offers and changes of lines go one after the other. */
  #queue = Promise.resolve();
  #isRestarting = false;
  /** The good-bye is said: nothing may follow it. */
  #isClosing = false;
  #life = new AbortController();
  #arrival = {resolve: () => {}, reject: () => {}};
  #awaited = 'connected';
  /** Events that came before somebody listened; null since. */
  #held = [];

  /**
   * @param {import('../tapedeck.js').Platform} platform
   * @param {import('./gateway.js').Gateway} gateway
   * @param {import('./lines.js').Lines} lines
   * @param {{onEvent: (connection: Connection, event: object) => void,
   *   onPath: (connection: Connection, error: ?Error) => void}} listener events are `session.ServerEvent`s
   */
  constructor(platform, gateway, lines, listener) {
    this.#platform = platform;
    this.#gateway = gateway;
    this.#lines = lines;
    this.#listener = listener;
    this.#pc = new platform.RTCPeerConnection({bundlePolicy: 'max-bundle'});
    this.#channel = this.#pc.createDataChannel('data', {negotiated: true, id: 0});
    this.#requests = new Requests(platform, this.#channel, (event) => this.#onEvent(event));
    this.#channel.addEventListener('close', () => this.lose(connectionLost('its data channel was closed')));
    this.#pc.addEventListener('iceconnectionstatechange', () => this.#onState());
    this.#pc.addEventListener('connectionstatechange', () => this.#onState());
  }

  /**
   * Connects, and enters the room if there is a join; resolves when the server says so.
   *
   * @param {string} token
   * @param {?object} join as `session.RoomJoin`
   */
  async open(token, join) {
    const arrived = new Promise((resolve, reject) => this.#arrival = {resolve, reject});
    arrived.catch(() => {}); // it may fail before it is waited for
    this.#awaited = join ? 'joined' : 'connected';
    await this.#inTurn(() => this.#negotiate({}, async (tracks, sdp) => {
      this.#resource = await this.#gateway.connect(token, {join, tracks, sdp}, this.#life.signal);
      return this.#resource.sdp;
    }));
    await within(this.#platform, ARRIVAL_MILLIS, 'the way into the room', arrived);
  }

  /** Aborted when the path is gone. */
  get signal() {
    return this.#life.signal;
  }

  /** Tells the listener all events there were, and from now on each as it comes. */
  deliver() {
    const held = this.#held ?? [];
    this.#held = null;
    held.forEach((event) => this.#listener.onEvent(this, event));
  }

  /** Puts what this connection receives into the streams of the lines. */
  showStreams() {
    this.#transceivers.forEach((transceiver, line) => {
      if (!line.isSender && !line.stream.getTracks().includes(transceiver.receiver.track)) {
        line.stream.getTracks().forEach((track) => line.stream.removeTrack(track));
        line.stream.addTrack(transceiver.receiver.track);
      }
    });
  }

  /** See {@link Requests#request}. */
  request(branch) {
    return this.#isRestarting || this.#isClosing
      ? Promise.reject(connectionLost(this.#isClosing ? 'it is being closed' : 'it is being restarted'))
      : this.#requests.request(branch);
  }

  /** Brings the server to what this line wishes. */
  sync(line) {
    return this.#inTurn(async () => {
      if (!this.#told.has(line) && !line.owner) {
        return; // it was free before this connection began
      }
      if (!this.#told.has(line)) {
        await this.#negotiate({}, async (tracks, sdp) =>
          (await this.request({session: {sdp: {tracks, sdp}}})).session.sdp.sdp);
        this.showStreams();
      }
      await this.#tell(line);
    });
  }

  /** The server has left the room for us: it shows nothing on any line now. */
  forgetSources() {
    this.#told.forEach((wish, line) => this.#told.set(line, line.isSender ? wish : {...wish, source: null}));
  }

  /**
   * Restarts ICE, and keeps everything else.
   *
   * @throws {import('./errors.js').TapedeckError} when the server does not know this connection any more
   */
  async restartIce(token, join) {
    this.#isRestarting = true;
    this.#requests.fail(connectionLost('it is being restarted')); // an offer among them would stand in the way
    try {
      await this.#inTurn(() => this.#negotiate({iceRestart: true}, async (tracks, sdp) => {
        const {connId, sdp: answer} = await this.#gateway.restart(
          this.#resource, token, {join, tracks, sdp}, this.#life.signal);
        if (connId !== this.#resource.connId) {
          throw connectionLost('the media server knows it no more');
        }
        return answer;
      }));
    } finally {
      this.#isRestarting = false;
    }
    this.#onState(); // a path that healed meanwhile tells no change
  }

  /** @returns {Promise<RTCStatsReport>} */
  async getStats() {
    return this.#pc.getStats().catch((cause) => {
      throw refusedByBrowser(cause);
    });
  }

  /** Ends it, here and at the server. Never fails. */
  async close() {
    this.#listener = {onEvent: () => {}, onPath: () => {}};
    const answered = this.request({session: {disconnect: {}}});
    this.#isClosing = true;
    await within(this.#platform, GOOD_BYE_MILLIS, 'the good-bye', answered).catch(() => {});
    this.lose(connectionLost('it was closed'));
  }

  /** It is of no use any more. */
  lose(error) {
    if (this.path !== 'gone') {
      this.path = 'gone';
      this.#requests.fail(error);
      this.#arrival.reject(error);
      this.#life.abort(error);
      this.#pc.close();
      this.#listener.onPath(this, error);
    }
  }

  #onState() {
    const {connectionState, iceConnectionState} = this.#pc;
    if (connectionState === 'connected') {
      this.#become('open', null);
    } else if (iceConnectionState === 'failed') {
      this.#become('failed', connectionLost('no way through the network is left'));
    } else if (connectionState === 'failed') {
      this.lose(connectionLost('its encryption failed'));
    } else if (iceConnectionState === 'disconnected') {
      this.#become('interrupted', connectionLost('the network is interrupted'));
    }
  }

  #become(path, error) {
    if (path === 'failed') {
      this.#arrival.reject(error);
    }
    if (this.path !== 'gone' && this.path !== path) {
      this.path = path;
      this.#listener.onPath(this, error);
    }
  }

  #onEvent(event) {
    if (event.session?.[this.#awaited]) {
      this.#arrival.resolve();
    } else if (event.session?.disconnected) {
      this.#arrival.reject(connectionLost(`the media server ended it: ${event.session.disconnected.reason}`));
    }
    if (this.#held) {
      this.#held.push(event);
    } else {
      this.#listener.onEvent(this, event);
    }
  }

  #inTurn(action) {
    const run = this.#queue.then(() => {
      if (this.path === 'gone' || this.#isClosing) {
        throw connectionLost('it has ended');
      }
      // What is asked of a peer connection that is closed meanwhile may never settle.
      return unlessAborted(this.#life.signal, action());
    }).catch((cause) => {
      throw refusedByBrowser(cause);
    });
    this.#queue = run.catch(() => {});
    return run;
  }

  /** @param {(tracks: object, offer: string) => Promise<string>} exchange returns the answer */
  async #negotiate(options, exchange) {
    const lines = this.#lines.all.filter((line) => line.owner || this.#told.has(line));
    lines.filter((line) => !this.#transceivers.has(line))
      .forEach((line) => this.#transceivers.set(line, addTransceiver(this.#pc, line)));
    const news = lines.filter((line) => !this.#told.has(line)).map((line) => [line, line.wish]);
    const tracks = {
      senders: lines.filter((line) => line.isSender).map((line) => line.toMessage()),
      receivers: lines.filter((line) => !line.isSender).map((line) => line.toMessage()),
    };
    try {
      await this.#pc.setLocalDescription(await this.#pc.createOffer(options));
      const answer = await exchange(tracks, this.#pc.localDescription.sdp);
      await this.#pc.setRemoteDescription({type: 'answer', sdp: answer});
    } catch (error) {
      if (this.#pc.signalingState === 'have-local-offer') {
        await this.#pc.setLocalDescription({type: 'rollback'});
      }
      throw error;
    }
    news.forEach(([line, wish]) => this.#told.set(line, wish));
  }

  async #tell(line) {
    const {wish} = line;
    if (line.isSender && this.#transceivers.get(line).sender.track !== wish.track) {
      await this.#transceivers.get(line).sender.replaceTrack(wish.track);
    }
    for (const branch of changes(line, this.#told.get(line), wish)) {
      await this.request(branch).catch((error) => {
        if (!DONE_ALREADY.includes(error.serverName)) {
          throw error;
        }
      });
    }
    this.#told.set(line, wish);
  }
}

const refusedByBrowser = (cause) => wrapped('browser_failed', 'the browser could not do it', cause);

function addTransceiver(pc, line) {
  if (!line.isSender) {
    return pc.addTransceiver(line.kind, {direction: 'recvonly'});
  }
  const {encodings, codec} = line.format;
  const transceiver =
    pc.addTransceiver(line.wish.track ?? line.kind, {direction: 'sendonly', sendEncodings: encodings});
  if (codec) {
    prefer(transceiver, `${line.kind}/${codec}`);
  }
  return transceiver;
}

/** Puts a codec first in the offer; the rest stays behind it, so that a server without it can still answer. */
function prefer(transceiver, mimeType) {
  const all = RTCRtpSender.getCapabilities(mimeType.split('/')[0]).codecs;
  const first = all.filter((each) => each.mimeType.toLowerCase() === mimeType.toLowerCase());
  if (first.length > 0) {
    transceiver.setCodecPreferences([...first, ...all.filter((each) => !first.includes(each))]);
  }
}
