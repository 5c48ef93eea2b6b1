/** The meeting page: the lobby first, then the meeting, then a good-bye. */

import {Chat} from './chat.js';
import {Controls} from './controls.js';
import {DeviceChoice} from './device-choice.js';
import {byId} from './dom.js';
import {formatPlural} from './format.js';
import {readInvite} from './invite.js';
import {Lobby} from './lobby.js';
import {openScreen} from './media-devices.js';
import {Meeting} from './meeting.js';
import {joinWords, recordingWords} from './meeting-words.js';
import {Stage} from './stage.js';

const invite = readInvite(location.hash);

let lobby = null;
let devices = null;
let controls = null;
let chat = null;
let meeting = null;
let stage = null;
let screenProblem = '';

function enterLobby() {
  showScreen('lobby');
  lobby = new Lobby(invite, () => join());
  devices = new DeviceChoice(invite, (kind) => onTrack(kind), (id) => stage?.setSpeaker(id));
  controls = new Controls({
    onToggle: (kind) => toggle(kind),
    onScreen: () => toggleScreen(),
    onInvite: () => copyLink(),
    onLeave: () => leave('You have left the meeting.'),
  });
  chat = new Chat((text) => meeting.say(text));
  byId('rejoin').addEventListener('click', () => location.reload());
  addEventListener('pagehide', () => meeting?.leave());
  // Back from the browser's cache, the page would show a meeting it has left.
  addEventListener('pageshow', ({persisted}) => persisted && location.reload());
  addEventListener('hashchange', () => location.reload());
  openDevices();
}

/** Joining waits for the answer to the browser's question, else one would join unseen and unheard. */
async function openDevices() {
  lobby.wait('Waiting for camera and microphone…');
  await devices.openAll();
  lobby.wait('');
}

async function join() {
  const {name} = lobby;
  lobby.wait('Joining…');
  lobby.showProblem('');
  const joining = new Meeting({
    invite: invite.token,
    name,
    sending: invite,
    onChange: () => show(),
    onMessage: (message) => chat.add(message),
    onEnd: (words) => leave(words),
  });
  try {
    await joining.join();
  } catch (error) {
    lobby.showProblem(joinWords(error));
    lobby.wait('');
    return;
  }
  meeting = joining;
  stage = new Stage(name, meeting.joined.peer);
  stage.setSpeaker(byId('speaker').value);
  devices.moveTo(byId('devices-body'));
  byId('room').textContent = meeting.joined.room;
  document.title = `${meeting.joined.room} · Tapedeck`;
  showScreen('meeting');
  onTrack('audio');
  onTrack('video');
}

async function leave(words) {
  const leaving = meeting;
  meeting = null;
  byId('devices').close();
  devices.closeAll();
  byId('goodbye-words').textContent = words;
  showScreen('goodbye');
  await leaving?.own.unshare();
  await leaving?.leave();
}

/** A camera that is off is closed, and its light too; a microphone stays open, so that no first word is lost. */
function toggle(kind) {
  const track = devices.tracks[kind];
  if (!track) {
    devices.turnOn(kind);
  } else if (kind === 'video') {
    devices.close(kind);
  } else {
    track.enabled = !track.enabled;
    onTrack(kind);
  }
}

/** What the others get of a device; null while it is off. */
function sentOf(kind) {
  const track = devices.tracks[kind];
  return track?.enabled ? track : null;
}

function onTrack(kind) {
  if (meeting) {
    meeting.own.set(kind, sentOf(kind));
    show();
  } else if (kind === 'video') {
    lobby.showPicture(devices.tracks.video);
  }
}

async function toggleScreen() {
  screenProblem = '';
  try {
    await (meeting.own.isSharing ? meeting.own.unshare() : share());
  } catch (error) {
    screenProblem = error.message;
  }
  show();
}

async function share() {
  const stream = await openScreen();
  if (stream && meeting) {
    const sharing = meeting.own.share(stream);
    show();
    await sharing;
  } else {
    stream?.getTracks().forEach((track) => track.stop()); // one may have left while picking it
  }
}

function show() {
  if (!meeting) {
    return;
  }
  const audio = sentOf('audio');
  const video = sentOf('video');
  controls.showDevice('audio', audio !== null);
  controls.showDevice('video', video !== null);
  controls.showSharing(meeting.own.isSharing);
  stage.showOwn({video, isMuted: audio === null, signal: meeting.quality});
  stage.show(meeting);
  showRecording();
  showIfChanged(byId('sharing'), meeting.own.isSharing ? 'You are sharing your screen' : '');
  showIfChanged(byId('people'), formatPlural(meeting.peers.length + 1, 'person', 'people'));
  const problems = [...meeting.problems, devices.problem, screenProblem].filter((words) => words !== '');
  showIfChanged(byId('connection-problem'), problems.join(' '));
  byId('connection-problem').hidden = problems.length === 0;
}

function showRecording() {
  const words = recordingWords(meeting.recording, meeting.joined.peer);
  showIfChanged(byId('recording-words'), words);
  byId('recording').hidden = words === '';
  byId('recording').dataset.state = meeting.recording.state;
}

/** Screen readers speak a live region again whenever it is written to. */
function showIfChanged(target, text) {
  if (target.textContent !== text) {
    target.textContent = text;
  }
}

async function copyLink() {
  const link = `${location.origin}${location.pathname}#${new URLSearchParams({invite: invite.token})}`;
  try {
    await navigator.clipboard.writeText(link);
    controls.note('Link copied');
  } catch {
    controls.note('The browser did not allow copying; copy the address instead');
  }
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
  get state() {
    return meeting?.state ?? 'closed';
  },
  get problems() {
    return meeting?.problems ?? [];
  },
  /** What the browser counts, as one list. */
  stats: async () => (meeting ? [...(await meeting.getStats()).values()] : []),
  /** Colour of every tile at this point of its picture, both 0 to 1. */
  tileColours: (x, y) => stage?.colours(x, y) ?? [],
});

if (invite.token) {
  enterLobby();
} else {
  showScreen('no-invite');
}
