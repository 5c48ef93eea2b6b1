/** The meeting page: the lobby first, then the meeting, then a good-bye. */

import {byId, icon, showMessage} from './dom.js';
import {formatPlural} from './format.js';
import {readInvite} from './invite.js';
import {Lobby} from './lobby.js';
import {Meeting} from './meeting.js';
import {Stage} from './stage.js';

const invite = readInvite(location.hash);
const lobby = new Lobby(invite.name);
const microphone = {button: byId('toggle-microphone'), kind: 'audio', noun: 'microphone', on: 'mic', off: 'mic-off'};
const camera = {button: byId('toggle-camera'), kind: 'video', noun: 'camera', on: 'camera', off: 'camera-off'};

let meeting = null;
let stage = null;

function enterLobby() {
  showScreen('lobby');
  byId('lobby-title').textContent = invite.room ? `Join “${invite.room}”` : 'Join the meeting';
  byId('lobby-recorded').hidden = !invite.record;
  byId('join-form').addEventListener('submit', (event) => {
    event.preventDefault();
    join();
  });
  microphone.button.addEventListener('click', () => toggle(microphone));
  camera.button.addEventListener('click', () => toggle(camera));
  byId('leave').addEventListener('click', () => leave('You have left the meeting.'));
  byId('copy-link').addEventListener('click', copyLink);
  byId('rejoin').addEventListener('click', () => location.reload());
  addEventListener('pagehide', () => meeting?.leave());
  // Back from the browser's cache, the page would show a meeting it has left.
  addEventListener('pageshow', ({persisted}) => persisted && location.reload());
  addEventListener('hashchange', () => location.reload());
  openDevices();
}

/** Joining waits for the answer to the browser's question, else one would join unseen and unheard. */
async function openDevices() {
  const button = byId('join');
  button.disabled = true;
  button.textContent = 'Waiting for camera and microphone…';
  await lobby.open();
  button.disabled = false;
  button.textContent = 'Join';
}

async function join() {
  const {name, stream} = lobby;
  const button = byId('join');
  button.disabled = true;
  showMessage(byId('join-problem'), '');
  const joining = new Meeting({
    invite: invite.token,
    name,
    stream,
    sending: {codec: invite.codec, hasLayers: invite.hasLayers},
    onChange: () => show(),
    onEnd: (words) => leave(words),
  });
  try {
    await joining.join();
  } catch (error) {
    showMessage(byId('join-problem'), error.words ?? error.message);
    button.disabled = false;
    return;
  }
  showScreen('meeting');
  stage = new Stage(name, joining.joined.peer);
  meeting = joining;
  byId('room').textContent = meeting.joined.room;
  document.title = `${meeting.joined.room} · Tapedeck`;
  stream.getTracks().forEach((track) => track.addEventListener('ended', () => show()));
  show();
}

async function leave(words) {
  const leaving = meeting;
  meeting = null;
  lobby.stream.getTracks().forEach((track) => track.stop());
  byId('goodbye-words').textContent = words;
  showScreen('goodbye');
  await leaving?.leave();
}

function toggle({kind}) {
  lobby.stream.getTracks().filter((track) => track.kind === kind).forEach((track) => {
    track.enabled = !track.enabled;
  });
  show();
}

function show() {
  if (!meeting) {
    return;
  }
  const isMuted = !showToggle(microphone);
  const isCameraOff = !showToggle(camera);
  stage.showOwn(lobby.stream.getVideoTracks()[0] ?? null, {isCameraOff, isMuted});
  stage.show(meeting);
  byId('recording').hidden = !meeting.isRecorded;
  const others = new Set(meeting.views.map(({peer}) => peer)).size;
  showIfChanged(byId('people'), formatPlural(others + 1, 'person', 'people'));
  const problems = [...meeting.problems, ...endedDevices()];
  showIfChanged(byId('connection-problem'), problems.join(' '));
  byId('connection-problem').hidden = problems.length === 0;
}

/** @returns {boolean} whether the device is sending */
function showToggle({button, kind, noun, on, off}) {
  const track = lobby.stream.getTracks().find((each) => each.kind === kind);
  const isOn = track !== undefined && track.enabled && track.readyState === 'live';
  button.disabled = track === undefined || track.readyState === 'ended';
  if (button.dataset.isOn !== String(isOn)) {
    button.dataset.isOn = String(isOn);
    button.setAttribute('aria-pressed', String(!isOn));
    button.title = `Turn the ${noun} ${isOn ? 'off' : 'on'}`;
    button.querySelector('svg').replaceWith(icon(isOn ? on : off));
  }
  return isOn;
}

function endedDevices() {
  return lobby.stream.getTracks()
    .filter((track) => track.readyState === 'ended')
    .map((track) => `Your ${track.kind === 'video' ? 'camera' : 'microphone'} has stopped: is it unplugged?`);
}

/** Screen readers speak a live region again whenever it is written to. */
function showIfChanged(target, text) {
  if (target.textContent !== text) {
    target.textContent = text;
  }
}

async function copyLink() {
  const link = `${location.origin}${location.pathname}#${new URLSearchParams({invite: invite.token})}`;
  const words = byId('copied');
  try {
    await navigator.clipboard.writeText(link);
    words.textContent = 'Link copied';
  } catch {
    words.textContent = 'The browser did not allow copying; copy the address instead';
  }
  setTimeout(() => {
    words.textContent = '';
  }, 4_000);
}

function showScreen(name) {
  for (const id of ['lobby', 'meeting', 'goodbye', 'no-invite']) {
    byId(id).hidden = id !== name;
  }
  if (name !== 'lobby') {
    byId(name).focus();
  }
}

/** For tests and the curious; read-only. */
window.tapedeck = Object.freeze({
  get peers() {
    return meeting?.peers.map(({peer, tracks}) => ({peer, tracks: Object.fromEntries(tracks)})) ?? [];
  },
  get slots() {
    return meeting?.slots ?? [];
  },
  get pcs() {
    return meeting?.connections ?? {whip: null, whep: null};
  },
  get joined() {
    const {room, peer, record} = meeting?.joined ?? {room: '', peer: '', record: false};
    return {room, peer, record};
  },
  get recording() {
    return meeting?.recording ?? null;
  },
  get problems() {
    return meeting?.problems ?? [];
  },
  /** Colour of every tile at this point of its picture, both 0 to 1. */
  tileColours: (x, y) => stage?.colours(x, y) ?? [],
});

if (invite.token) {
  enterLobby();
} else {
  showScreen('no-invite');
}
