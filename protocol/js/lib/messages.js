/**
 * The messages of `protocol/src/main/proto` that a client writes and reads. A test holds this table against the
 * descriptors of the .proto files, both ways, so it says what they say.
 *
 * @typedef {{number: number, type: string, isRepeated: boolean, hasDefault: boolean}} Field
 *   `hasDefault`: an absent one is read as the default of its type
 */

/** Names by number. @type {Record<string, string[]>} */
export const ENUMS = {
  'shared.Kind': ['AUDIO', 'VIDEO'],
  'shared.BitrateControlMode': ['DYNAMIC_CONSUMERS', 'MAX_BITRATE'],
  'shared.Receiver.Status': ['WAITING', 'ACTIVE', 'INACTIVE'],
  'shared.Sender.Status': ['ACTIVE', 'INACTIVE'],
  'features.mixer.Mode': ['AUTO', 'MANUAL'],
  'session.ServerEvent.Room.Recording.State': ['NONE', 'ARMED', 'RECORDING', 'PAUSED'],
};

const SCALARS = ['string', 'bytes', 'bool', 'uint32', 'int32', 'uint64', 'float'];

/** Each field as `number type`, with `?` behind what may be absent and `*` behind what is repeated. */
const TABLE = {
  'gateway.ConnectRequest': {
    version: '2 string',
    join: '3 session.RoomJoin',
    tracks: '4 shared.Tracks',
    sdp: '5 string',
  },
  'gateway.ConnectResponse': {connId: '1 string', sdp: '2 string', iceLite: '3 bool'},

  'shared.Error': {code: '1 uint32', message: '2 string'},
  'shared.Tracks': {receivers: '1 shared.Receiver*', senders: '2 shared.Sender*'},
  'shared.Receiver': {kind: '1 shared.Kind', name: '2 string', state: '3 shared.Receiver.State'},
  'shared.Receiver.State': {config: '1 shared.Receiver.Config', source: '2 shared.Receiver.Source'},
  'shared.Receiver.Source': {peer: '1 string', track: '2 string'},
  'shared.Receiver.Config': {
    priority: '1 uint32',
    maxSpatial: '2 uint32',
    maxTemporal: '3 uint32',
    minSpatial: '4 uint32?',
    minTemporal: '5 uint32?',
  },
  'shared.Sender': {kind: '1 shared.Kind', name: '2 string', state: '3 shared.Sender.State'},
  'shared.Sender.State': {config: '1 shared.Sender.Config', source: '2 shared.Sender.Source'},
  'shared.Sender.Source': {id: '1 string', screen: '2 bool', metadata: '3 string?'},
  'shared.Sender.Config': {priority: '1 uint32', bitrate: '2 shared.BitrateControlMode'},
  'shared.RoomInfoPublish': {peer: '1 bool', tracks: '2 bool'},
  'shared.RoomInfoSubscribe': {peers: '1 bool', tracks: '2 bool'},

  'features.Config': {mixer: '1 features.mixer.Config'},
  'features.Request': {mixer: '1 features.mixer.Request'},
  'features.Response': {mixer: '1 features.mixer.Response'},
  'features.ServerEvent': {mixer: '1 features.mixer.ServerEvent'},
  'features.mixer.Config': {
    mode: '1 features.mixer.Mode',
    outputs: '2 string*',
    sources: '3 shared.Receiver.Source*',
  },
  'features.mixer.Request': {attach: '1 features.mixer.Request.Attach', detach: '2 features.mixer.Request.Detach'},
  'features.mixer.Request.Attach': {sources: '1 shared.Receiver.Source*'},
  'features.mixer.Request.Detach': {sources: '1 shared.Receiver.Source*'},
  'features.mixer.Response': {attach: '1 features.mixer.Response.Attach', detach: '2 features.mixer.Response.Detach'},
  'features.mixer.Response.Attach': {},
  'features.mixer.Response.Detach': {},
  'features.mixer.ServerEvent': {
    slotSet: '1 features.mixer.ServerEvent.SlotSet',
    slotUnset: '2 features.mixer.ServerEvent.SlotUnset',
  },
  'features.mixer.ServerEvent.SlotSet': {slot: '1 uint32', source: '2 shared.Receiver.Source'},
  'features.mixer.ServerEvent.SlotUnset': {slot: '1 uint32'},

  'session.RoomJoin': {
    room: '1 string',
    peer: '2 string',
    publish: '3 shared.RoomInfoPublish',
    subscribe: '4 shared.RoomInfoSubscribe',
    features: '5 features.Config',
    metadata: '6 string?',
    role: '100 session.JoinRole',
  },
  'session.JoinRole': {version: '1 uint32', hidden: '2 bool', recorder: '3 bool'},
  'session.ClientEvent': {seq: '1 uint32', request: '2 session.Request'},
  'session.Request': {
    reqId: '1 uint32',
    session: '2 session.Request.Session',
    room: '3 session.Request.Room',
    sender: '4 session.Request.Sender',
    receiver: '5 session.Request.Receiver',
    features: '6 features.Request',
    messageChannel: '7 session.Request.MessageChannel',
  },
  'session.Request.Session': {
    join: '1 session.Request.Session.Join',
    leave: '2 session.Request.Session.Leave',
    sdp: '3 session.Request.Session.UpdateSdp',
    disconnect: '4 session.Request.Session.Disconnect',
    describe: '100 session.Request.Session.Describe',
  },
  'session.Request.Session.Join': {info: '1 session.RoomJoin', token: '2 string'},
  'session.Request.Session.Leave': {},
  'session.Request.Session.UpdateSdp': {tracks: '1 shared.Tracks', sdp: '2 string'},
  'session.Request.Session.Disconnect': {},
  'session.Request.Session.Describe': {metadata: '1 string?'},
  'session.Request.Room': {
    subscribe: '1 session.Request.Room.SubscribePeer',
    unsubscribe: '2 session.Request.Room.UnsubscribePeer',
  },
  'session.Request.Room.SubscribePeer': {peer: '1 string'},
  'session.Request.Room.UnsubscribePeer': {peer: '1 string'},
  'session.Request.Sender': {
    name: '1 string',
    attach: '2 session.Request.Sender.Attach',
    detach: '3 session.Request.Sender.Detach',
    config: '4 shared.Sender.Config',
    describe: '100 session.Request.Sender.Describe',
  },
  'session.Request.Sender.Attach': {source: '1 shared.Sender.Source', config: '2 shared.Sender.Config'},
  'session.Request.Sender.Detach': {},
  'session.Request.Sender.Describe': {metadata: '1 string?'},
  'session.Request.Receiver': {
    name: '1 string',
    attach: '2 session.Request.Receiver.Attach',
    detach: '3 session.Request.Receiver.Detach',
    config: '4 shared.Receiver.Config',
  },
  'session.Request.Receiver.Attach': {source: '1 shared.Receiver.Source', config: '2 shared.Receiver.Config'},
  'session.Request.Receiver.Detach': {},
  'session.Request.MessageChannel': {
    label: '1 string',
    startPub: '2 session.Request.MessageChannel.StartPublish',
    stopPub: '3 session.Request.MessageChannel.StopPublish',
    sub: '4 session.Request.MessageChannel.Subscribe',
    unsub: '5 session.Request.MessageChannel.Unsubscribe',
    pub: '6 session.Request.MessageChannel.Publish',
  },
  'session.Request.MessageChannel.StartPublish': {},
  'session.Request.MessageChannel.StopPublish': {},
  'session.Request.MessageChannel.Subscribe': {},
  'session.Request.MessageChannel.Unsubscribe': {},
  'session.Request.MessageChannel.Publish': {data: '1 bytes'},

  'session.Response': {
    reqId: '1 uint32',
    error: '2 shared.Error',
    session: '3 session.Response.Session',
    room: '4 session.Response.Room',
    sender: '5 session.Response.Sender',
    receiver: '6 session.Response.Receiver',
    features: '7 features.Response',
    messageChannel: '8 session.Response.MessageChannel',
  },
  'session.Response.Session': {
    join: '1 session.Response.Session.Join',
    leave: '2 session.Response.Session.Leave',
    sdp: '3 session.Response.Session.UpdateSdp',
    disconnect: '4 session.Response.Session.Disconnect',
    describe: '100 session.Response.Session.Describe',
  },
  'session.Response.Session.Join': {},
  'session.Response.Session.Leave': {},
  'session.Response.Session.UpdateSdp': {sdp: '1 string'},
  'session.Response.Session.Disconnect': {},
  'session.Response.Session.Describe': {},
  'session.Response.Room': {
    subscribe: '1 session.Response.Room.SubscribePeer',
    unsubscribe: '2 session.Response.Room.UnsubscribePeer',
  },
  'session.Response.Room.SubscribePeer': {},
  'session.Response.Room.UnsubscribePeer': {},
  'session.Response.Sender': {
    attach: '1 session.Response.Sender.Attach',
    detach: '2 session.Response.Sender.Detach',
    config: '3 session.Response.Sender.Config',
    describe: '100 session.Response.Sender.Describe',
  },
  'session.Response.Sender.Attach': {},
  'session.Response.Sender.Detach': {},
  'session.Response.Sender.Config': {},
  'session.Response.Sender.Describe': {},
  'session.Response.Receiver': {
    attach: '1 session.Response.Receiver.Attach',
    detach: '2 session.Response.Receiver.Detach',
    config: '3 session.Response.Receiver.Config',
  },
  'session.Response.Receiver.Attach': {},
  'session.Response.Receiver.Detach': {},
  'session.Response.Receiver.Config': {},
  'session.Response.MessageChannel': {
    label: '1 string',
    startPub: '2 session.Response.MessageChannel.StartPublish',
    stopPub: '3 session.Response.MessageChannel.StopPublish',
    sub: '4 session.Response.MessageChannel.Subscribe',
    unsub: '5 session.Response.MessageChannel.Unsubscribe',
    pub: '6 session.Response.MessageChannel.Publish',
  },
  'session.Response.MessageChannel.StartPublish': {},
  'session.Response.MessageChannel.StopPublish': {},
  'session.Response.MessageChannel.Subscribe': {},
  'session.Response.MessageChannel.Unsubscribe': {},
  'session.Response.MessageChannel.Publish': {},

  'session.ServerEvent': {
    seq: '1 uint32',
    session: '2 session.ServerEvent.Session',
    room: '3 session.ServerEvent.Room',
    sender: '4 session.ServerEvent.Sender',
    receiver: '5 session.ServerEvent.Receiver',
    response: '6 session.Response',
    features: '7 features.ServerEvent',
    messageChannel: '8 session.ServerEvent.MessageChannel',
  },
  'session.ServerEvent.Session': {
    connected: '1 session.ServerEvent.Session.Connected',
    joined: '2 session.ServerEvent.Session.JoinedRoom',
    leaved: '3 session.ServerEvent.Session.LeavedRoom',
    disconnected: '4 session.ServerEvent.Session.Disconnected',
    goway: '5 session.ServerEvent.Session.GoAway',
  },
  'session.ServerEvent.Session.Connected': {},
  'session.ServerEvent.Session.JoinedRoom': {room: '1 string', peer: '2 string'},
  'session.ServerEvent.Session.LeavedRoom': {room: '1 string', peer: '2 string'},
  'session.ServerEvent.Session.Disconnected': {reason: '1 string', detail: '100 string'},
  'session.ServerEvent.Session.GoAway': {reason: '1 string', remainSeconds: '2 uint32'},
  'session.ServerEvent.Room': {
    peerJoined: '1 session.ServerEvent.Room.PeerJoined',
    peerUpdated: '2 session.ServerEvent.Room.PeerUpdated',
    peerLeaved: '3 session.ServerEvent.Room.PeerLeaved',
    trackStarted: '4 session.ServerEvent.Room.TrackStarted',
    trackUpdated: '5 session.ServerEvent.Room.TrackUpdated',
    trackStopped: '6 session.ServerEvent.Room.TrackStopped',
    recording: '100 session.ServerEvent.Room.Recording',
  },
  'session.ServerEvent.Room.PeerJoined': {peer: '1 string', metadata: '2 string?', extraData: '3 string?'},
  'session.ServerEvent.Room.PeerUpdated': {peer: '1 string', metadata: '2 string?'},
  'session.ServerEvent.Room.PeerLeaved': {peer: '1 string'},
  'session.ServerEvent.Room.TrackStarted': {
    peer: '1 string',
    track: '2 string',
    kind: '3 shared.Kind',
    metadata: '4 string?',
  },
  'session.ServerEvent.Room.TrackUpdated': {
    peer: '1 string',
    track: '2 string',
    kind: '3 shared.Kind',
    metadata: '4 string?',
  },
  'session.ServerEvent.Room.TrackStopped': {peer: '1 string', track: '2 string', kind: '3 shared.Kind'},
  'session.ServerEvent.Room.Recording': {
    state: '1 session.ServerEvent.Room.Recording.State',
    id: '2 uint64',
    askedBy: '3 string?',
    tapesYou: '4 bool',
  },
  'session.ServerEvent.MessageChannel': {
    label: '1 string',
    message: '2 session.ServerEvent.MessageChannel.Message',
  },
  'session.ServerEvent.MessageChannel.Message': {peer: '1 string', message: '2 bytes'},
  'session.ServerEvent.Sender': {name: '1 string', state: '2 session.ServerEvent.Sender.State'},
  'session.ServerEvent.Sender.State': {status: '1 shared.Sender.Status'},
  'session.ServerEvent.Receiver': {
    name: '1 string',
    state: '2 session.ServerEvent.Receiver.State',
    stats: '3 session.ServerEvent.Receiver.Stats',
    voiceActivity: '4 session.ServerEvent.Receiver.VoiceActivity',
  },
  'session.ServerEvent.Receiver.State': {status: '1 shared.Receiver.Status'},
  'session.ServerEvent.Receiver.Stats': {
    source: '1 session.ServerEvent.Receiver.Stats.Source',
    transmit: '2 session.ServerEvent.Receiver.Stats.Transmit',
  },
  'session.ServerEvent.Receiver.Stats.Source': {
    bitrateKbps: '1 uint32',
    rtt: '2 float',
    lost: '3 float',
    jitter: '4 float',
  },
  'session.ServerEvent.Receiver.Stats.Transmit': {spatial: '1 uint32', temporal: '2 uint32', bitrateKbps: '3 uint32'},
  'session.ServerEvent.Receiver.VoiceActivity': {audioLevel: '1 int32'},
};

/** Fields by name, by full name of the message. @type {Record<string, Record<string, Field>>} */
export const MESSAGES = Object.fromEntries(Object.entries(TABLE).map(([message, fields]) =>
  [message, Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, fieldOf(text)]))]));

function fieldOf(text) {
  const [number, type, mark] = text.match(/^(\d+) ([\w.]+)([?*]?)$/).slice(1);
  return {
    number: Number(number),
    type,
    isRepeated: mark === '*',
    hasDefault: mark === '' && (SCALARS.includes(type) || type in ENUMS),
  };
}
