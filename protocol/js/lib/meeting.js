/** What applications see: one stay, or several one after the other; see `Meeting` in `tapedeck.d.ts`. */

import {requireText, requireThat, requireTrack} from './checks.js';
import {Connection} from './connection.js';
import {Emitter} from './emitter.js';
import {TapedeckError, wrapped} from './errors.js';
import {Gateway} from './gateway.js';
import {Keeper} from './keeper.js';
import {Lines, SendLine} from './lines.js';
import {MessageChannel} from './message-channel.js';
import {Mixer} from './mixer.js';
import {platformWith, valueOf} from './platform.js';
import {nameOf, planOf, Publication} from './publication.js';
import {QualityWatch} from './quality.js';
import {Roster} from './roster.js';
import {Speakers} from './speakers.js';
import {requireOptions, requireStay, toJoin} from './stay.js';
import {Subscription} from './subscription.js';

/** Why the server may end a session for good; after any other end another connection is made. */
const ENDS = ['left', 'replaced', 'kicked', 'room_closed'];

/** After a break, whoever has not come back by then is told as gone. */
const RETURN_MILLIS = 5_000;

const NOT_RECORDED = Object.freeze({state: 'none', id: null, askedBy: null, isTapingMe: false});

export class Meeting extends Emitter {
  /** @type {Publication[]} */
  publications = [];
  /** @type {Subscription[]} */
  subscriptions = [];
  recording = NOT_RECORDED;
  mixer = null;

  #options;
  #platform;
  #gateway;
  #lines;
  #keeper;
  #speakers;
  #quality;
  #roster = new Roster((event, subject) => this.emit(event, subject));
  #abort = () => this.close();
  /** The room we are in or want to be in; null outside. */
  #stay;
  #token;
  #isTokenDoubted = false;
  /** What whoever ended the session had to say. */
  #lastWords = '';
  #channels = new Map();

  /** @param {import('../tapedeck.js').ConnectOptions} options */
  constructor(options) {
    super();
    requireOptions(options);
    this.#options = options;
    this.#platform = platformWith(options.platform);
    this.#gateway = new Gateway(this.#platform, options.url ?? (() => globalThis.location.origin));
    this.#lines = new Lines(() => new this.#platform.MediaStream());
    this.#speakers = new Speakers(this.#platform, (speakers) => this.emit('speakers', speakers));
    this.#quality = new QualityWatch(this.#platform, (quality) => this.emit('quality', quality));
    this.mixer = options.mixer ? new Mixer(options.mixer, this.#lines, (branch) => this.#ask(branch)) : null;
    this.#take(options);
    this.#keeper = new Keeper(this.#platform, options.reconnect ?? {}, {
      open: (signal) => this.#open(signal),
      restart: async (connection) =>
        connection.restartIce(await this.#tokenFrom(this.#token, connection.signal), this.#join),
      onConnection: (connection) => this.#onConnection(connection),
      onState: (state, error) => this.#onState(error),
      isFinal: (error) => this.#isFinal(error),
      onEnd: (reason, error) => this.#onEnd(reason, error),
    });
  }

  /** Connects for the first time. */
  async start() {
    const {signal} = this.#options;
    signal?.addEventListener('abort', this.#abort);
    try {
      if (signal?.aborted) {
        throw abortedBy(signal);
      }
      await this.#keeper.start();
    } catch (error) {
      signal?.removeEventListener('abort', this.#abort);
      throw signal?.aborted ? abortedBy(signal) : error;
    }
  }

  get state() {
    const {state} = this.#keeper;
    return state === 'connected' && !this.#stay ? 'outside' : state;
  }

  get room() {
    return this.#stay?.room ?? '';
  }

  get peer() {
    return this.#stay?.peer ?? '';
  }

  get peers() {
    return this.#roster.peers;
  }

  get speakers() {
    return this.#speakers.list;
  }

  get quality() {
    return this.#quality.quality;
  }

  stats() {
    return this.#quality.stats();
  }

  async publish(stream, options = {}) {
    requireThat(stream?.getTracks, 'what is published is a MediaStream; publishTrack takes a single track');
    return Promise.all(stream.getTracks().map((track) => this.publishTrack(track, options)));
  }

  async publishTrack(track, {name, ...options} = {}) {
    const {format, wish} = planOf(track, options);
    const line = this.#sendLine(name ?? nameOf(track.kind, options.source), track.kind, format, wish);
    const publication = new Publication(line, (...change) => this.#change(...change),
      () => this.publications = this.publications.filter((each) => each !== publication));
    this.publications = [...this.publications, publication];
    await publication.start(wish);
    return publication;
  }

  async subscribe(track, options = {}) {
    requireTrack('what is subscribed to', track);
    const {peer, name, kind = this.peers.get(peer)?.tracks.get(name)?.kind} = track;
    requireThat(['audio', 'video'].includes(kind),
      `say whether ${name} of ${peer}, who is not there yet, is audio or video`);
    const line = this.#lines.freeReceiver(kind);
    const subscription = new Subscription(line, (...change) => this.#change(...change), () => {
      this.subscriptions = this.subscriptions.filter((each) => each !== subscription);
      this.#speakers.forget(line);
    });
    this.subscriptions = [...this.subscriptions, subscription];
    await subscription.start({peer, name}, options);
    return subscription;
  }

  async channel(label, {publish = true, subscribe = true} = {}) {
    requireThat(typeof label === 'string' && label, `the label of a channel is a text, not ${label}`);
    requireThat(!this.#channels.has(label), `the channel ${label} is open already`);
    const channel = new MessageChannel(label, {publish, subscribe}, () => this.peer,
      (branch) => this.#askNow(branch),
      async () => {
        if (this.#channels.delete(label)) {
          await this.#askAll(channel.closing);
        }
      });
    this.#channels.set(label, channel);
    try {
      await this.#askAll(channel.opening);
    } catch (error) {
      this.#channels.delete(label);
      throw error;
    }
    return channel;
  }

  async describe(metadata) {
    requireText('metadata', metadata);
    await this.#ask({session: {describe: {metadata}}});
    if (this.#stay) {
      this.#stay.metadata = metadata;
    }
  }

  async leave() {
    this.#stay = null;
    await this.#keeper.run(async (connection) => {
      if (connection.stay) {
        await connection.request({session: {leave: {}}});
      }
      connection.stay = null;
      this.#leaveRoom(connection);
    });
    this.#onState(null);
  }

  async join(stay) {
    requireStay(stay);
    const tokenBefore = this.#token;
    const entered = this.#take(stay);
    try {
      await this.#keeper.run((connection) => this.#enter(connection, entered));
    } catch (error) {
      this.#goBackFrom(entered, tokenBefore);
      throw error;
    }
    this.#onState(null);
  }

  restartIce() {
    return this.#keeper.restart();
  }

  close() {
    return this.#keeper.end('left', null);
  }

  #take({room, peer, token, metadata, shows, sees}) {
    this.#stay = {room, peer, token, metadata, shows, sees};
    this.#token = token;
    this.#roster.own = peer;
    return this.#stay;
  }

  /** To where the server has us still, unless something else was asked for meanwhile. */
  #goBackFrom(stay, tokenBefore) {
    if (this.#stay === stay) {
      this.#stay = this.#keeper.connection?.stay ?? null;
      this.#token = this.#stay?.token ?? tokenBefore;
      this.#roster.own = this.peer;
    }
  }

  /** As `session.RoomJoin`, as long as we are in a room. */
  get #join() {
    return this.#stay ? toJoin(this.#stay, this.mixer) : undefined;
  }

  async #open(signal) {
    const stay = this.#stay;
    const join = this.#join;
    const token = await this.#tokenFrom(this.#token, signal);
    const connection = this.#newConnection();
    const lose = () => connection.lose(signal.reason);
    signal.addEventListener('abort', lose);
    try {
      await connection.open(token, join);
    } catch (error) {
      connection.lose(error);
      throw error;
    } finally {
      signal.removeEventListener('abort', lose);
    }
    connection.stay = stay;
    return connection;
  }

  #tokenFrom(provided, signal) {
    return valueOf(this.#platform, 'token', provided, signal);
  }

  #newConnection() {
    try {
      return new Connection(this.#platform, this.#gateway, this.#lines, {
        onEvent: (from, event) => from === this.#keeper.connection && this.#onEvent(from, event),
        onPath: (from, error) => this.#keeper.onPath(from, error),
      });
    } catch (cause) {
      throw wrapped('browser_failed', 'the browser makes no RTCPeerConnection', cause);
    }
  }

  #onConnection(connection) {
    this.#isTokenDoubted = false;
    connection.showStreams();
    this.#roster.doubt();
    this.#hearNothing();
    // Who awaits the meeting gets to add listeners before the first event.
    this.#platform.setTimeout(() => this.#restore(connection), 0);
    this.#quality.watch(connection);
  }

  /** Brings back what lives on the data channel. */
  async #restore(connection) {
    connection.deliver();
    await Promise.all([...this.#lines.all.map((line) => this.#restoreLine(connection, line)),
      connection.stay ? this.#restoreChannels(connection) : null]);
    // Those who were on the same server may need longer to come back than we did.
    this.#platform.setTimeout(() => {
      if (connection === this.#keeper.connection) {
        this.#roster.settle();
      }
    }, RETURN_MILLIS);
  }

  #restoreLine(connection, line) {
    const {owner, wish} = line;
    return this.#bringBack(connection, () => connection.sync(line), (error) => {
      // Of what was asked for meanwhile whoever asked is told.
      if (owner?.end && line.owner === owner && line.wish === wish) {
        owner.end();
        this.emit('dropped', owner, error);
      }
    });
  }

  #restoreChannels(connection) {
    return Promise.all([...this.#channels.values()].map((channel) =>
      this.#bringBack(connection, () => requestAll(connection, channel.opening), (error) => {
        if (this.#channels.get(channel.label) === channel) {
          this.#channels.delete(channel.label);
          this.emit('dropped', channel, error);
        }
      })));
  }

  /** What a break leaves undone is for the next connection, too; what the server refuses in the room is dropped. */
  async #bringBack(connection, action, drop) {
    try {
      await this.#keeper.run((current) => current === connection ? action() : null);
    } catch (error) {
      if (!error.isFinal && error.code !== 'browser_failed') {
        connection.lose(error); // it does not answer
      } else if (error.code !== 'closed' && connection.stay) {
        drop(error);
      }
    }
  }

  #hearNothing() {
    this.#speakers.clear();
    this.mixer?.clear();
    this.subscriptions.forEach((subscription) => subscription.onStatus('waiting'));
  }

  #onState(error) {
    const {state} = this;
    if (state === 'connected' || state === 'outside') {
      this.#quality.watch(this.#keeper.connection);
    } else {
      this.#quality.watch(null);
    }
    this.emit('state', state, error);
  }

  #isFinal(error) {
    if (error.code === 'token_refused' && typeof this.#token === 'function' && !this.#isTokenDoubted) {
      this.#isTokenDoubted = true; // the next one may be better
      return false;
    }
    return error.isFinal === true;
  }

  #onEvent(connection, {session, room, receiver, features, messageChannel}) {
    if (session?.disconnected) {
      this.#onDisconnected(connection, session.disconnected);
    } else if (session?.goway) {
      const {reason, remainSeconds} = session.goway;
      this.emit('goaway', {reason, remainingSeconds: remainSeconds});
      this.#keeper.move(remainSeconds);
    } else if (room?.recording) {
      this.#onRecording(room.recording);
    } else if (room) {
      this.#roster.onEvent(room);
    } else if (receiver) {
      this.#onReceiver(this.#lines.receiver(receiver.name), receiver);
    } else if (features?.mixer) {
      this.#speakers.forget(this.mixer?.onEvent(features.mixer));
    } else if (messageChannel?.message) {
      this.#channels.get(messageChannel.label)?.onMessage(messageChannel.message);
    }
  }

  #onEnd(reason, error) {
    this.#options.signal?.removeEventListener('abort', this.#abort);
    this.emit('closed', {reason, error, detail: this.#lastWords});
  }

  #onDisconnected(connection, {reason, detail}) {
    if (ENDS.includes(reason)) {
      this.#lastWords = detail;
      this.#keeper.end(reason, null);
    } else {
      connection.lose(new TapedeckError('connection_lost', `the media server ended the session: ${reason}`));
    }
  }

  #onRecording({state, id, askedBy = null, tapesYou}) {
    this.recording = Object.freeze(state === 'NONE' ? NOT_RECORDED
      : {state: state.toLowerCase(), id, askedBy, isTapingMe: tapesYou});
    this.emit('recording', this.recording);
  }

  #onReceiver(line, {state, stats, voiceActivity}) {
    const {owner} = line ?? {};
    if (!owner) {
      return;
    }
    if (voiceActivity) {
      const source = owner === this.mixer ? this.mixer.sourceOf(line) : line.wish.source;
      if (source) {
        this.#speakers.hear(line, source, voiceActivity.audioLevel);
      }
      owner.onLevel?.(voiceActivity.audioLevel);
    } else if (stats) {
      owner.onStats?.(stats);
    } else if (state) {
      owner.onStatus?.(state.status.toLowerCase());
    }
  }

  async #enter(connection, stay) {
    if (connection.stay === stay) {
      return; // it has begun with it
    }
    const token = await this.#tokenFrom(stay.token, connection.signal);
    if (stay !== this.#stay) {
      throw new TapedeckError('aborted', `${stay.room} was not entered: another join, or a leave, came after this one`);
    }
    await connection.request({session: {join: {info: toJoin(stay, this.mixer), token}}});
    connection.stay = stay;
    this.#leaveRoom(connection);
    await this.#restoreChannels(connection);
  }

  /** The server has taken us out of the room. */
  #leaveRoom(connection) {
    this.subscriptions.forEach((subscription) => subscription.end());
    connection.forgetSources();
    this.#roster.clear();
    this.#hearNothing();
    this.#onRecording({state: 'NONE'});
  }

  #sendLine(name, kind, format, wish) {
    const line = this.#lines.sender(name);
    requireThat(typeof name === 'string' && name, `the name of a track is a text, not ${name}`);
    requireThat(!line?.owner, `${name} is published already; replace its track, or choose another name`);
    requireThat(!line || line.kind === kind, `${name} was ${line?.kind} before; choose another name for ${kind}`);
    if (line) {
      line.format = format;
      return line;
    }
    const added = new SendLine(name, kind, format, wish);
    this.#lines.senders.push(added);
    return added;
  }

  /** Makes it the line's wish, and the server's truth. */
  async #change(line, wish) {
    if (!line.isSender && line.wish.source !== wish.source) {
      this.#speakers.forget(line);
    }
    line.wish = wish;
    try {
      await this.#keeper.run((connection) => connection.sync(line));
      line.settled = wish;
    } catch (error) {
      if (error.code !== 'timed_out' && line.wish === wish) { // else the server may have heard it
        line.wish = line.settled;
      }
      throw error;
    }
  }

  #ask(branch) {
    return this.#keeper.run((connection) => connection.request(branch));
  }

  #askAll(branches) {
    return this.#keeper.run((connection) => requestAll(connection, branches));
  }

  /** Once or never. */
  #askNow(branch) {
    return this.#keeper.state === 'connected' ? this.#keeper.connection.request(branch)
      : Promise.reject(new TapedeckError('connection_lost', 'there is no connection now; send it again later'));
  }
}

const requestAll = (connection, branches) => Promise.all(branches.map((branch) => connection.request(branch)));
const abortedBy = ({reason}) => new TapedeckError('aborted', 'the meeting was aborted', {cause: reason});
