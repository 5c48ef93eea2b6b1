/** Client of Tapedeck's session protocol. Times are in milliseconds, levels in dBov (0 is the loudest). */

/**
 * Connects and joins a room.
 *
 * @throws TapedeckError when the first try fails; later breaks are mended behind the returned meeting
 */
export function connect(options: ConnectOptions): Promise<Meeting>;

/**
 * A value, or a function that is asked for it anew at every try to connect: tokens expire, servers move. It has 15 s.
 * What it throws is the cause of a `not_provided`, and another try follows; a TapedeckError of its own is taken as it is.
 */
export type Provided<T> = T | (() => T | Promise<T>);

export interface Stay {
  room: string;
  /** Name of this participant. A newer session of the same name in the room replaces this one. */
  peer: string;
  /** Token of kind `webrtc` for this very room and peer. */
  token: Provided<string>;
  /** What the others are told of this peer, up to 16,384 characters. */
  metadata?: string;
  /** What the others see; both by default. */
  shows?: { peer?: boolean; tracks?: boolean };
  /** What this client is told of the others; both by default. */
  sees?: { peers?: boolean; tracks?: boolean };
}

export interface ConnectOptions extends Stay {
  /** Origin of the media server; that of the page by default. */
  url?: Provided<string>;
  /** Receivers on which the server plays the loudest speakers, in every room that is entered. */
  mixer?: MixerOptions;
  /** `false`: a break ends the meeting. */
  reconnect?: false | ReconnectOptions;
  /** Ends the meeting, also while it is being connected; then nothing more is asked of the server. */
  signal?: AbortSignal;
  /** Replaces parts of the browser; for tests. */
  platform?: Partial<Platform>;
}

export interface ReconnectOptions {
  /** How long a broken path may heal by itself before ICE is restarted. 2,000. */
  healMillis?: number;
  /**
   * Delay after the first failed try, doubling with each, half of it left to chance; a server's `Retry-After` comes on
   * top. A connection that ends within 10 s is a failed try. 500.
   */
  firstDelayMillis?: number;
  /** 15,000. */
  longestDelayMillis?: number;
  /** A break longer than this ends the meeting. Never, by default. */
  giveUpMillis?: number;
}

export interface MixerOptions {
  /** How many speakers are heard at once. */
  outputs: number;
  /** `auto` (default): the whole room; `manual`: the tracks that were attached. */
  mode?: 'auto' | 'manual';
  /** What `manual` begins with. */
  sources?: TrackName[];
}

export interface Platform {
  fetch: typeof fetch;
  RTCPeerConnection: typeof RTCPeerConnection;
  MediaStream: typeof MediaStream;
  setTimeout(action: () => void, millis: number): unknown;
  clearTimeout(timer: unknown): void;
  /** Milliseconds; only differences have meaning. */
  now(): number;
  /** 0 up to 1. */
  random(): number;
}

export type Kind = 'audio' | 'video';

/** A track of somebody in the room. */
export interface TrackName {
  peer: string;
  name: string;
  kind?: Kind;
}

export interface RemoteTrack extends Required<TrackName> {
  readonly metadata: string | null;
  /** By its name: `audio_main`, `video_main`, `video_screen`, `audio_screen`; `other` for the rest. */
  readonly source: 'microphone' | 'camera' | 'screen' | 'screen-audio' | 'other';
}

export interface Peer {
  readonly name: string;
  readonly metadata: string | null;
  /** What its token says of it. */
  readonly extraData: string | null;
  /** By name. */
  readonly tracks: ReadonlyMap<string, RemoteTrack>;
}

/**
 * `connected`; `reconnecting` after a break: everything asked for meanwhile is carried out when the connection is back;
 * `outside`: connected, in no room; `closed` for good.
 */
export type MeetingState = 'connected' | 'reconnecting' | 'outside' | 'closed';

export type Quality = 'good' | 'fair' | 'poor' | 'lost';

export interface MeetingEvents {
  /** `error` says why a connection broke or a try failed. */
  state: (state: MeetingState, error: TapedeckError | null) => void;
  peer: (peer: Peer) => void;
  peerupdate: (peer: Peer) => void;
  peerleft: (peer: Peer) => void;
  /** Somebody else's track can be subscribed to. */
  track: (track: RemoteTrack) => void;
  trackupdate: (track: RemoteTrack) => void;
  trackend: (track: RemoteTrack) => void;
  /** Who speaks, the loudest first; of the audio tracks that are subscribed to or mixed. */
  speakers: (speakers: Speaker[]) => void;
  recording: (recording: Recording) => void;
  quality: (quality: Quality) => void;
  /** The server will stop. The module moves to another, or back when it is up again. */
  goaway: (notice: { reason: string; remainingSeconds: number }) => void;
  /** On another connection or in another room the server refused this, which is over now. */
  dropped: (part: Publication | Subscription | MessageChannel, error: TapedeckError) => void;
  closed: (end: End) => void;
}

export interface End {
  /**
   * `left`: by us; `replaced`: by a newer session of the same peer; `kicked`, `room_closed`: by the server;
   * `refused`: it lets us in no more; `gave_up`: not back within `giveUpMillis`.
   */
  reason: 'left' | 'replaced' | 'kicked' | 'room_closed' | 'refused' | 'gave_up';
  error: TapedeckError | null;
  /** What an administrator had to say; empty for nothing. */
  detail: string;
}

interface Emitter<Events> {
  /** Returns what takes the listener away again. */
  on<Name extends keyof Events>(event: Name, listener: Events[Name]): () => void;
}

export interface Meeting extends Emitter<MeetingEvents> {
  readonly state: MeetingState;
  readonly room: string;
  /** Our own name. */
  readonly peer: string;
  /** Everybody else, by name. */
  readonly peers: ReadonlyMap<string, Peer>;
  readonly publications: readonly Publication[];
  readonly subscriptions: readonly Subscription[];
  readonly speakers: readonly Speaker[];
  readonly recording: Recording;
  readonly quality: Quality;
  /** Null without a mixer. */
  readonly mixer: Mixer | null;

  /** Sends all tracks of a stream: camera and microphone, or a shared screen. */
  publish(stream: MediaStream, options?: PublishOptions): Promise<Publication[]>;
  publishTrack(track: MediaStreamTrack, options?: PublishOptions & { name?: string }): Promise<Publication>;

  /** Receives a track; one that is not there yet comes when it is. A bare name needs its `kind`. */
  subscribe(track: TrackName, options?: SubscribeOptions): Promise<Subscription>;

  /** Messages by label, between all in the room who open it. */
  channel(label: string, options?: ChannelOptions): Promise<MessageChannel>;

  /** Changes what the others are told of this peer; null takes it away. */
  describe(metadata: string | null): Promise<void>;

  /** What flows, summed over the connection. */
  stats(): Promise<ConnectionStats>;

  /** Leaves the room and keeps the connection; what is sent from now on reaches nobody and no tape. */
  leave(): Promise<void>;
  /**
   * Enters a room, this one again or another. What was published before is published there. If it fails we stay where
   * we were; one that another join or a leave came after is rejected as `aborted`.
   */
  join(stay: Stay): Promise<void>;

  /** Restarts ICE at once, as after a change of the network. */
  restartIce(): Promise<void>;

  /** Ends everything. Never fails. */
  close(): Promise<void>;
}

export interface PublishOptions {
  /** What the stream is; `camera` by default. Names the tracks: see {@link RemoteTrack.source}. */
  source?: 'camera' | 'screen';
  metadata?: string;
  /** Three sizes of the picture at once; default for a camera. A list gives the encodings themselves. */
  simulcast?: boolean | RTCRtpEncodingParameters[];
  /** Video codec to prefer, such as `VP9`. */
  codec?: string;
  /** Weight against our other tracks, from 1. */
  priority?: number;
  /** What the server asks us for: what is watched (default), or all we can send. */
  bitrate?: 'consumers' | 'max';
}

/** After `unpublish` it changes nothing any more: `closed`. */
export interface Publication {
  /** As the others ask for it. */
  readonly name: string;
  readonly kind: Kind;
  readonly track: MediaStreamTrack | null;
  readonly metadata: string | null;
  readonly isMuted: boolean;
  /** Sends another track of the same kind: another device. */
  replace(track: MediaStreamTrack): Promise<void>;
  /** Sends nothing; the others are told that the track has ended. */
  mute(): Promise<void>;
  /** @param track instead of the one before, whose device may be closed by now */
  unmute(track?: MediaStreamTrack): Promise<void>;
  describe(metadata: string | null): Promise<void>;
  configure(config: { priority?: number; bitrate?: 'consumers' | 'max' }): Promise<void>;
  unpublish(): Promise<void>;
}

/** Layers count from 0, the smallest picture or the lowest rate. */
export interface Layers {
  maxSpatial?: number;
  maxTemporal?: number;
  minSpatial?: number;
  minTemporal?: number;
}

export interface SubscribeOptions {
  layers?: Layers;
  /** Weight against our other subscriptions when the network is narrow, from 1. */
  priority?: number;
}

export interface SubscriptionEvents {
  status: (status: SubscriptionStatus) => void;
  /** Every 2 s while packets flow. */
  stats: (stats: SubscriptionStats) => void;
  /** While the source speaks, at most every 500 ms. */
  level: (level: number) => void;
}

/** `waiting` for the first packet; `active`; `inactive`: packets came and stopped. */
export type SubscriptionStatus = 'waiting' | 'active' | 'inactive';

/** After `detach`, and after leaving the room, it changes nothing any more: `closed`. */
export interface Subscription extends Emitter<SubscriptionEvents> {
  readonly peer: string;
  readonly name: string;
  readonly kind: Kind;
  /** For `srcObject`. The same object for as long as the subscription lives, also over reconnects. */
  readonly stream: MediaStream;
  readonly status: SubscriptionStatus;
  /** Of the server; null until the first. */
  readonly stats: SubscriptionStats | null;
  readonly layers: Layers;
  readonly priority: number;
  setLayers(layers: Layers): Promise<void>;
  setPriority(priority: number): Promise<void>;
  /** Shows another track of the same kind in the same stream. */
  switchTo(track: TrackName): Promise<void>;
  detach(): Promise<void>;
}

export interface SubscriptionStats {
  /** How the track reaches the server; `lost` is a fraction. */
  source: { bitrateKbps: number; roundTripMillis: number; lost: number; jitterMillis: number } | null;
  /** What of it the server sends to us. */
  transmit: { spatial: number; temporal: number; bitrateKbps: number } | null;
}

export interface Speaker {
  peer: string;
  track: string;
  level: number;
}

export interface Recording {
  /** `armed`: asked for, nothing on tape yet. */
  state: 'none' | 'armed' | 'recording' | 'paused';
  id: number | null;
  /** The peer whose token asked for it; null when it was asked for from outside the room. */
  askedBy: string | null;
  /** Whether what this client sends is taped. */
  isTapingMe: boolean;
}

export interface MixerEvents {
  /** Another speaker, or nobody, on this slot. */
  slot: (slot: MixerSlot) => void;
}

export interface Mixer extends Emitter<MixerEvents> {
  readonly mode: 'auto' | 'manual';
  readonly slots: readonly MixerSlot[];
  /** In mode `manual`: these are chosen among, too. */
  attach(tracks: TrackName[]): Promise<void>;
  detach(tracks: TrackName[]): Promise<void>;
}

export interface MixerSlot {
  readonly index: number;
  /** For `srcObject`; always the same object. */
  readonly stream: MediaStream;
  readonly speaker: TrackName | null;
}

export interface ChannelOptions {
  /** Both true by default. */
  publish?: boolean;
  subscribe?: boolean;
}

export interface MessageChannel extends Emitter<{ message: (message: Message) => void }> {
  readonly label: string;
  /** Text or bytes, up to 64 KiB. Best effort: rejected while there is no connection, never sent twice. */
  send(data: string | Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export interface Message {
  readonly peer: string;
  readonly isMine: boolean;
  readonly data: Uint8Array;
  /** The data as UTF-8. */
  readonly text: string;
}

export interface ConnectionStats {
  quality: Quality;
  roundTripMillis: number | null;
  /** Since the measurement before, 2 s ago: fraction lost on the way here and on the way there. */
  lostIncoming: number;
  lostOutgoing: number;
  incomingBitsPerSecond: number;
  outgoingBitsPerSecond: number;
  /** What the browser thinks it can send; null while it does not know. */
  availableOutgoingBitsPerSecond: number | null;
}

/** All that this module rejects with; `cause` is what the browser or the application had thrown, if they had. */
export class TapedeckError extends Error {
  readonly name: 'TapedeckError';
  /**
   * `bad_options`; `token_refused`, `forbidden`: another token is needed; `busy`, `unreachable`, `timed_out`,
   * `connection_lost`: trying again may help; `not_provided`: the function that gives token or url failed;
   * `browser_failed`: see `cause`; `request_refused`: see `serverName`; `refused`: anything else the server said no to;
   * `closed`: the meeting, the publication or the subscription is over; `aborted`: by the signal, or by a later join.
   */
  readonly code: 'bad_options' | 'token_refused' | 'forbidden' | 'busy' | 'unreachable' | 'timed_out'
    | 'connection_lost' | 'not_provided' | 'browser_failed' | 'request_refused' | 'refused' | 'closed' | 'aborted';
  /** HTTP status, if there was one. */
  readonly status: number | null;
  /** Name of the session protocol's error, such as `RpcTrackNameNotFound`. */
  readonly serverName: string | null;
  /** How long the server wants to be left alone. */
  readonly retryAfterMillis: number | null;
  /** Whether trying again is in vain. */
  readonly isFinal: boolean;
}
