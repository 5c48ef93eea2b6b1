/** A media server in memory, and a browser that reaches it: as much of the session protocol as meetings need. */

import {connect} from '../tapedeck.js';
import {decode, encode} from '../lib/codec.js';
import {HandClock} from './hand-clock.mjs';

export class SimServer {
  clock = new HandClock();
  /** What was asked for by HTTP: `gateway.ConnectRequest`, and its token. */
  posts = [];
  /** What was asked for on data channels: branches of `session.Request`. */
  requests = [];
  /** Peer connections there were. */
  connections = [];
  /** Until this resolves no HTTP request is answered. */
  answering = Promise.resolve();
  /** Answers to the next HTTP requests, instead of the way in: {status, body, headers}. */
  refusals = [];
  /** @type {(request: object) => ?string} name of the error a request gets; undefined: it is carried out */
  refuse = () => undefined;

  get platform() {
    const server = this;
    return {
      ...this.clock.platform,
      fetch: (url, request) => this.#fetch(url, request),
      RTCPeerConnection: class extends SimPeerConnection {
        constructor() {
          super(server);
          server.connections.push(this);
        }
      },
      MediaStream: SimStream,
    };
  }

  /** @param {object} [options] of `connect`, beside those every test has */
  connect(options) {
    return connect({url: 'http://media.test', room: 'lobby', peer: 'Ada', token: 'a token', platform: this.platform,
      ...options});
  }

  /** The last connection hears this `session.ServerEvent`. */
  say(event) {
    this.connections.at(-1).hear(event);
  }

  /** All connections break as if the server had been killed. */
  crash() {
    this.connections.forEach((connection) => connection.channel.break());
  }

  onRequest(connection, {reqId, ...request}) {
    this.requests.push(request);
    const message = this.refuse(request);
    const answer = request.session?.sdp ? {session: {sdp: {sdp: 'answer'}}} : {};
    connection.hear({response: {reqId, ...message ? {error: {code: 1, message}} : answer}});
  }

  async #fetch(url, {headers, body, signal}) {
    const request = decode('gateway.ConnectRequest', body);
    this.posts.push({token: headers.Authorization.replace('Bearer ', ''), ...request});
    await this.answering;
    signal.throwIfAborted();
    const refusal = this.refusals.shift();
    if (refusal) {
      return new Response(refusal.body ?? '', refusal);
    }
    const sdp = request.join ? 'joined' : 'connected';
    return new Response(encode('gateway.ConnectResponse', {connId: `${this.posts.length}`, sdp}));
  }
}

class SimPeerConnection extends EventTarget {
  signalingState = 'stable';
  connectionState = 'new';
  iceConnectionState = 'new';
  localDescription = null;
  #server;

  constructor(server) {
    super();
    this.#server = server;
  }

  createDataChannel() {
    this.channel = new SimChannel((bytes) =>
      this.#server.onRequest(this, decode('session.ClientEvent', bytes).request));
    return this.channel;
  }

  addTransceiver(what) {
    const sender = {
      track: typeof what === 'string' ? null : what,
      replaceTrack: async (track) => {
        sender.track = track;
      },
    };
    return {sender, receiver: {track: {}}};
  }

  async createOffer() {
    return {type: 'offer', sdp: 'offer'};
  }

  async setLocalDescription(description) {
    this.#requireOpen();
    this.localDescription = description;
  }

  async setRemoteDescription({sdp}) {
    this.#requireOpen();
    if (this.connectionState === 'new') {
      this.connectionState = 'connected';
      this.channel.readyState = 'open';
      queueMicrotask(() => {
        this.dispatchEvent(new Event('connectionstatechange'));
        this.hear({session: {[sdp]: {}}});
      });
    }
  }

  async getStats() {
    return new Map();
  }

  close() {
    this.signalingState = this.connectionState = this.channel.readyState = 'closed';
  }

  hear(event) {
    const data = encode('session.ServerEvent', event);
    queueMicrotask(() => this.channel.dispatchEvent(new MessageEvent('message', {data})));
  }

  #requireOpen() {
    if (this.signalingState === 'closed') {
      throw new DOMException('the peer connection is closed', 'InvalidStateError');
    }
  }
}

class SimChannel extends EventTarget {
  readyState = 'connecting';

  constructor(send) {
    super();
    this.send = send;
  }

  break() {
    this.readyState = 'closed';
    this.dispatchEvent(new Event('close'));
  }
}

class SimStream {
  #tracks = new Set();

  getTracks() {
    return [...this.#tracks];
  }

  addTrack(track) {
    this.#tracks.add(track);
  }

  removeTrack(track) {
    this.#tracks.delete(track);
  }
}
