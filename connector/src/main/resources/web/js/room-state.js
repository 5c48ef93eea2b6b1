/** What is known of a room, from its snapshot and the events after it. Pure: a state and an event give a new state. */

/**
 * @typedef {{kind: string, codec: string}} Track
 * @typedef {{peer: string, session: number, tracks: Map<string, Track>}} Session
 * @typedef {object} RoomState
 * @property {Map<number, Session>} sessions live connections, in order of joining
 * @property {?{id: number, state: string}} recording the open recording
 */

/** @type {RoomState} */
export const EMPTY_ROOM = {sessions: new Map(), recording: null};

/**
 * @param {RoomState} state
 * @param {string} type
 * @param {any} data
 * @returns {RoomState} the same for events that are unknown
 */
export function applyRoomEvent(state, type, data) {
  switch (type) {
    case 'snapshot':
      return {sessions: sessionsOf(data.peers ?? []), recording: openRecording(data.recording)};
    case 'peer_joined':
      return withSession(state, data, (known) => known);
    case 'peer_left':
      return withoutSession(state, data.session);
    case 'track_started':
      return withSession(state, data, (known) => ({
        ...known,
        tracks: new Map(known.tracks).set(data.name, {kind: data.kind, codec: data.codec}),
      }));
    case 'track_stopped':
      return state.sessions.has(data.session)
        ? withSession(state, data, (known) => withoutTrack(known, data.name))
        : state;
    case 'recording_started':
      return {...state, recording: {id: data.recording, state: 'recording'}};
    case 'recording_stopped':
      return {...state, recording: null};
    default:
      return state;
  }
}

/**
 * Everybody present, once each: a peer that comes back over a new connection is still the same peer.
 *
 * @param {RoomState} state
 * @returns {{peer: string, tracks: Map<string, Track>}[]} in order of joining
 */
export function peersOf(state) {
  const peers = new Map();
  for (const {peer, tracks} of state.sessions.values()) {
    const known = peers.get(peer)?.tracks ?? new Map();
    peers.set(peer, {peer, tracks: new Map([...known, ...tracks])});
  }
  return [...peers.values()];
}

function sessionsOf(peers) {
  return new Map(peers.map(({peer, session, tracks = []}) => [session, {
    peer,
    session,
    tracks: new Map(tracks.map(({name, kind, codec}) => [name, {kind, codec}])),
  }]));
}

/** `closing` and `finalized` take no more packets: nobody is being recorded by them. */
function openRecording(recording) {
  return recording && !['closing', 'finalized'].includes(recording.state) ? recording : null;
}

function withSession(state, {peer, session}, change) {
  const known = state.sessions.get(session) ?? {peer, session, tracks: new Map()};
  return {...state, sessions: new Map(state.sessions).set(session, change(known))};
}

function withoutSession(state, session) {
  const sessions = new Map(state.sessions);
  sessions.delete(session);
  return {...state, sessions};
}

function withoutTrack(session, name) {
  const tracks = new Map(session.tracks);
  tracks.delete(name);
  return {...session, tracks};
}
