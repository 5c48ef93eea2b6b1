/**
 * What is to be sent and received, by the names of the session protocol, whatever connection there is. A line is one
 * m-line; its `wish` is what the application wants of it now, replaced as a whole and never changed; `settled` is the
 * last one that the server carried out.
 */

/** @typedef {{priority: number, bitrate: string}} SendConfig */
/** @typedef {{track: ?MediaStreamTrack, isScreen: boolean, metadata: ?string, config: SendConfig}} SendWish */

export class SendLine {
  isSender = true;
  /** The publication; null after its end: then the name can be taken anew. */
  owner = null;

  /**
   * @param {string} name as the others ask for it
   * @param {'audio' | 'video'} kind
   * @param {{encodings: RTCRtpEncodingParameters[], codec: ?string}} format
   * @param {SendWish} wish without a track nothing is sent, and the others know of none
   */
  constructor(name, kind, format, wish) {
    this.name = name;
    this.kind = kind;
    this.format = format;
    this.wish = wish;
    this.settled = wish;
  }

  /** As `shared.Sender`. */
  toMessage() {
    const {track, config} = this.wish;
    return {
      kind: this.kind.toUpperCase(),
      name: this.name,
      state: {config, source: track ? sourceOf(this.wish) : undefined},
    };
  }
}

/** As `shared.Sender.Source`. @param {SendWish} wish */
export function sourceOf({track, isScreen, metadata}) {
  return {id: track.id, screen: isScreen, metadata};
}

/** @typedef {{source: ?{peer: string, track: string}, config: object}} ReceiveWish */

export class ReceiveLine {
  isSender = false;
  /** Whom to tell what comes of it: a subscription or a slot of the mixer; null while the line is free. */
  owner = null;
  /** @type {ReceiveWish} */
  wish = {source: null, config: {...EVERYTHING}};
  settled = this.wish;

  /**
   * @param {string} name
   * @param {'audio' | 'video'} kind
   * @param {MediaStream} stream holds what is received, over all connections
   */
  constructor(name, kind, stream) {
    this.name = name;
    this.kind = kind;
    this.stream = stream;
  }

  /** As `shared.Receiver`. */
  toMessage() {
    const {source, config} = this.wish;
    return {kind: this.kind.toUpperCase(), name: this.name, state: {config, source: source ?? undefined}};
  }
}

/** As `shared.Receiver.Config`: all layers, the lowest weight. */
export const EVERYTHING = {priority: 1, maxSpatial: 2, maxTemporal: 2};

export class Lines {
  /** @type {SendLine[]} */
  senders = [];
  /** @type {ReceiveLine[]} */
  receivers = [];
  #newStream;
  #named = 0;

  /** @param {() => MediaStream} newStream */
  constructor(newStream) {
    this.#newStream = newStream;
  }

  /** In the order of their m-lines within each direction. */
  get all() {
    return [...this.senders, ...this.receivers];
  }

  sender(name) {
    return this.senders.find((line) => line.name === name);
  }

  receiver(name) {
    return this.receivers.find((line) => line.name === name);
  }

  /** A line that receives this kind and is free. */
  freeReceiver(kind) {
    const free = this.receivers.find((line) => line.kind === kind && !line.owner);
    return free ?? this.#addReceiver(kind);
  }

  #addReceiver(kind) {
    const line = new ReceiveLine(`${kind}_${this.#named++}`, kind, this.#newStream());
    this.receivers.push(line);
    return line;
  }
}

/** Requests of the session protocol that lead from one wish of a line to the next, in order. @returns {object[]} */
export function changes(line, before, after) {
  const branches = line.isSender ? sendChanges(before, after) : receiveChanges(before, after);
  const direction = line.isSender ? 'sender' : 'receiver';
  return branches.map((branch) => ({[direction]: {name: line.name, ...branch}}));
}

function sendChanges(before, after) {
  if (!before.track || !after.track) {
    if (after.track) {
      return [{attach: {source: sourceOf(after), config: after.config}}];
    }
    return before.track ? [{detach: {}}] : [];
  }
  const isDescribed = before.metadata === after.metadata;
  return [
    ...isDescribed ? [] : [{describe: {metadata: after.metadata}}],
    ...isSame(before.config, after.config) ? [] : [{config: after.config}],
  ];
}

function receiveChanges(before, after) {
  if (isSame(before.source, after.source)) {
    return isSame(before.config, after.config) ? [] : [{config: after.config}];
  }
  return after.source ? [{attach: {source: after.source, config: after.config}}] : [{detach: {}}];
}

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);
