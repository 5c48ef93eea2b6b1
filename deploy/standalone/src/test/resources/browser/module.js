// What the tests may do with our client module in this page. Every function returns what JSON can carry.
import { connect } from '/js/tapedeck/tapedeck.js';
import { expose } from './callable.js';
import { Tile } from './tile.js';

const MEETING_EVENTS = ['state', 'peer', 'peerupdate', 'peerleft', 'track', 'trackupdate', 'trackend', 'speakers',
  'recording', 'quality', 'goaway', 'closed'];

let meeting = null;
let media = null;
let channel = null;
/** Everything the meeting told: [event, ...what]. */
const events = [];
const messages = [];
const subscriptions = {};
const tiles = {};

const client = {
  /** Resolves with the state, or with the error's code and whether it is final. */
  connect: async (options) => {
    try {
      meeting = await connect(options);
    } catch (error) {
      return { code: error.code, isFinal: error.isFinal, message: error.message };
    }
    for (const event of MEETING_EVENTS) {
      meeting.on(event, (...what) => events.push([event, ...what.map(plain)]));
    }
    return { state: meeting.state };
  },
  events: () => events,
  view: () => ({
    state: meeting.state,
    peers: [...meeting.peers.values()].map(plain),
    publications: meeting.publications.map(({ name, isMuted }) => ({ name, isMuted })),
    speakers: meeting.speakers,
    recording: meeting.recording,
    quality: meeting.quality,
    slots: meeting.mixer?.slots.map(({ speaker }) => speaker) ?? [],
  }),
  stats: () => meeting.stats(),

  publish: async (options) => (await meeting.publish(await devices(), options)).map(({ name }) => name),
  /** A picture of one colour, as a shared screen would be. */
  share: async (colour) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
    const context = canvas.getContext('2d');
    setInterval(() => {
      context.fillStyle = colour;
      context.fillRect(0, 0, canvas.width, canvas.height);
    }, 50);
    return (await meeting.publish(canvas.captureStream(20), { source: 'screen' })).map(({ name }) => name);
  },
  mute: (name) => publication(name).mute(),
  unmute: (name) => publication(name).unmute(),
  describeTrack: (name, metadata) => publication(name).describe(metadata),
  unpublish: (name) => publication(name).unpublish(),

  /** The subscription is known by this name from now on. */
  subscribe: async (as, track, options) => {
    subscriptions[as] = await meeting.subscribe(track, options);
  },
  setLayers: (as, layers) => subscriptions[as].setLayers(layers),
  setPriority: (as, priority) => subscriptions[as].setPriority(priority),
  switchTo: (as, track) => subscriptions[as].switchTo(track),
  detach: (as) => subscriptions[as].detach(),
  subscription: (as) => {
    const { peer, name, kind, status, stats, layers, priority } = subscriptions[as];
    return { peer, name, kind, status, stats, layers, priority };
  },
  colour: (as) => tile(as, subscriptions[as].stream).colour(),
  tone: (as) => tile(as, subscriptions[as].stream).peakHertz(),
  slotTone: (index) => tile(`slot ${index}`, meeting.mixer.slots[index].stream).peakHertz(),
  width: (as) => subscriptions[as].stream.getVideoTracks()[0].getSettings().width ?? 0,

  openChannel: async (label) => {
    channel = await meeting.channel(label);
    channel.on('message', ({ peer, isMine, text }) => messages.push({ peer, isMine, text }));
  },
  send: (text) => channel.send(text),
  closeChannel: () => channel.close(),
  messages: () => messages,

  describe: (metadata) => meeting.describe(metadata),
  restartIce: () => meeting.restartIce(),
  leave: () => meeting.leave(),
  join: (stay) => meeting.join(stay),
  close: () => meeting.close(),
};

const publication = (name) => meeting.publications.find((each) => each.name === name);

/** Of the stream itself, which is to outlive reconnects; made anew when its track has been exchanged. */
function tile(key, stream) {
  const [track] = stream.getTracks();
  if (tiles[key]?.track !== track) {
    tiles[key]?.shown.remove();
    tiles[key] = { track, shown: new Tile(track) };
  }
  return tiles[key].shown;
}

async function devices() {
  media ??= await navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    video: { width: 1280, height: 720, frameRate: 30 },
  });
  return media;
}

/** A copy that JSON can carry. */
function plain(value) {
  if (value?.tracks instanceof Map) {
    return { ...value, tracks: [...value.tracks.keys()] };
  }
  return value instanceof Error ? { code: value.code, message: value.message } : value ?? null;
}

expose(client);
