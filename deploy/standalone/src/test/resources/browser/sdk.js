// What the tests may do with the published SDK in this page. Every function returns what JSON can carry.
import { Kind, Session, SessionEvent } from '@atm0s-media-sdk/core';
import { expose } from './callable.js';
import { Tile } from './tile.js';

const KINDS = { audio: Kind.AUDIO, video: Kind.VIDEO };

let session = null;
let media = null;
let channel = null;
let sessionEvents = 0;
const events = [];
const messages = [];
const statuses = {};
const tiles = {};

const client = {
  /**
   * options: gateway, token; join, or null to connect without a room; senders: names by kind of what is sent from the
   * start; silentSenders: names by kind of m-lines without a track; receivers: kinds, in their order; sources: what
   * receivers are attached to before there is a connection, by name.
   */
  connect: async ({ gateway, token, join, senders = {}, silentSenders = {}, receivers = [], sources = {} }) => {
    session = new Session(gateway, { token, join: join ?? undefined });
    for (const name of Object.values(SessionEvent)) {
      session.on(name, (event) => events.push({ ...event, name }));
    }
    session.dc.on('event.session', () => sessionEvents++); // the SDK loses what they say
    for (const [kind, name] of Object.entries(senders)) {
      session.sender(name, await track(kind), { priority: 1, bitrate: 0, metadata: `my ${kind}` });
    }
    for (const [kind, name] of Object.entries(silentSenders)) {
      session.sender(name, KINDS[kind]);
    }
    for (const kind of receivers) {
      addReceiver(kind);
    }
    for (const [name, source] of Object.entries(sources)) {
      await receiver(name).attach(source);
    }
    await session.connect();
    return client.connection();
  },
  connection: () => ({
    state: session.state,
    id: session.conn_id,
    isIceLite: session.ice_lite,
    transport: session.peer.connectionState,
    signaling: session.peer.signalingState,
    lines: session.peer.getTransceivers().length,
  }),
  events: () => events,
  sessionEvents: () => sessionEvents,

  join: (join, token) => session.join(join, token),
  leave: () => session.leave(),
  disconnect: () => session.disconnect(),
  restartIce: async () => {
    await session.restartIce();
    return client.connection();
  },

  iceUfrag: async () => {
    const report = await session.peer.getStats();
    const transport = [...report.values()].find((entry) => entry.type === 'transport');
    const pair = report.get(transport?.selectedCandidatePairId);
    return report.get(pair?.localCandidateId)?.usernameFragment ?? '';
  },

  addReceiver: (kind) => addReceiver(kind).name,
  attachReceiver: (name, source) => receiver(name).attach(source),
  configureReceiver: (name, config) => receiver(name).config(config),
  detachReceiver: (name) => receiver(name).detach(),
  /** All statuses the receiver was told, in their order: 0 waiting, 1 active, 2 inactive. */
  statuses: (name) => statuses[name],
  colour: (name) => tile(name).colour(),
  tone: (name) => tile(name).peakHertz(),
  framesDecoded: async (name) => {
    const report = [...(await receiver(name).transceiver.receiver.getStats()).values()];
    return report.find((entry) => entry.type === 'inbound-rtp')?.framesDecoded ?? 0;
  },

  addSender: async (kind, name) => void session.sender(name, await track(kind), { priority: 1, bitrate: 0 }),
  attachSender: async (kind, name, metadata) => sender(name).attach(await track(kind), metadata),
  configureSender: (name, config) => sender(name).config(config),
  detachSender: (name) => sender(name).detach(),
  packetsSent: async (name) => {
    const report = [...(await sender(name).transceiver.sender.getStats()).values()];
    return report.find((entry) => entry.type === 'outbound-rtp')?.packetsSent ?? 0;
  },

  openChannel: async (label) => {
    channel = await session.createMessageChannel(label);
    channel.on('message', ({ peer, message }) => messages.push({ peer, message }));
  },
  publish: (text) => channel.publish(text),
  closeChannel: () => channel.close(),
  messages: () => messages,

  /** Sends a request as it stands; returns the name of the error, or the branches of the response. */
  request: async (request) => {
    try {
      const response = await session.dc.request({ ...request, reqId: session.dc.gen_req_id() });
      return branches(response);
    } catch (problem) {
      return problem.code ? problem.message : `${problem}`;
    }
  },
};

function addReceiver(kind) {
  const added = session.receiver(KINDS[kind]);
  statuses[added.name] = [];
  added.on('StatusUpdated', (status) => statuses[added.name].push(status ?? null));
  return added;
}

const receiver = (name) => session.receivers.find((candidate) => candidate.name === name);
const sender = (name) => session.senders.find((candidate) => candidate.name === name);
const tile = (name) => (tiles[name] ??= new Tile(receiver(name).media_track));

/** Names of the set fields, outside to inside, such as "session.leave". */
function branches(response) {
  const [name, value] = Object.entries(response).find(([key, field]) => key !== 'reqId' && isSet(field)) ?? [];
  return name ? [name, branches(value)].filter((part) => part).join('.') : '';
}

function isSet(field) {
  return typeof field === 'object' && field !== null;
}

async function track(kind) {
  media ??= await navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    video: { width: 640, height: 360, frameRate: 30 },
  });
  return media.getTracks().find((candidate) => candidate.kind === kind);
}

expose(client);
