/** One recording: play it, download it, convert it, and see how well it was received and kept. */

import {askForToken, takeToken} from './access.js';
import {Api, call} from './api.js';
import {followJob, startJob} from './convert.js';
import {byId, element, icon, showMessage} from './dom.js';
import {formatBytes, formatDateTime, formatDuration, formatPlural, formatTime} from './format.js';
import {endWords, gapWords, isOpen, receptionWords, trackWords, verdictOf} from './words.js';

const REFRESH_MILLIS = 5_000;
const FILE_POLL_MILLIS = 500;
const MAX_FILE_POLLS = 20;

const id = new URLSearchParams(location.hash.slice(1)).get('id') ?? '';
const address = `/api/recordings/${encodeURIComponent(id)}`;
/** A job goes on when the page is left; it is found again in the same tab. */
const jobKey = `tapedeck.job.${id}`;

let api = null;
let recording = null;
let refreshTimer = null;

async function start(token) {
  if (!token) {
    askForToken('', start);
    return;
  }
  api = new Api(token);
  await load();
  const job = sessionStorage.getItem(jobKey);
  if (job && recording) {
    await follow(job);
  }
}

async function load() {
  clearTimeout(refreshTimer);
  try {
    recording = await api.get(address);
  } catch (error) {
    fail(error);
    return;
  }
  showMessage(byId('problem'), '');
  byId('content').hidden = false;
  show();
  if (isOpen(recording)) {
    refreshTimer = setTimeout(load, REFRESH_MILLIS);
  }
}

function fail(error) {
  if (error.isDenied) {
    byId('content').hidden = true;
    askForToken(error.words, start);
    return;
  }
  showMessage(byId('problem'), error.words ?? error.message);
  if (error.status !== 404) {
    refreshTimer = setTimeout(load, REFRESH_MILLIS);
  }
}

function show() {
  const {label, tone} = verdictOf(recording);
  const title = recording.title || recording.room;
  document.title = `${title} · Tapedeck`;
  byId('title').textContent = title;
  byId('verdict').replaceChildren(element('span', {className: `badge is-${tone}`}, label));
  byId('facts').replaceChildren(...facts().flatMap(([name, value]) => [
    element('div', {className: 'fact'}, element('dt', {}, name), element('dd', {}, value))]));
  showFiles(recording.files ?? []);
  showGaps(recording.gaps ?? []);
  byId('sessions').replaceChildren(...(recording.sessions ?? []).map(sessionBlock));
}

function facts() {
  const {room, startedAt, endedAt, durationMs, bytes, peers = []} = recording;
  return [
    ['Room', room],
    ['Started', formatDateTime(startedAt)],
    ['Ended', endedAt ? formatDateTime(endedAt) : 'still open'],
    ['Duration', formatDuration(durationMs ?? 0)],
    ['Size', formatBytes(bytes ?? 0)],
    ['People', peers.join(', ') || 'nobody'],
  ];
}

function showFiles(files) {
  // Newest last: a later conversion replaces an earlier one in the player.
  const composed = files.filter(isComposed).at(-1);
  const player = byId('player');
  if (composed && !player.getAttribute('src')) {
    play(composed, {isStarted: false});
  }
  byId('player-block').hidden = !player.getAttribute('src');
  byId('no-files').hidden = files.length > 0;
  byId('files').hidden = files.length === 0;
  const inOrder = [...files].sort((a, b) => isComposed(b) - isComposed(a) || isSummary(a) - isSummary(b));
  byId('file-rows').replaceChildren(...inOrder.map(fileRow));
}

function isComposed({kind}) {
  return kind.startsWith('compos');
}

function isSummary({kind}) {
  return kind === 'summary';
}

function kindWords(file) {
  if (isComposed(file)) {
    return 'whole meeting';
  }
  return isSummary(file) ? 'who and when, for programs' : file.kind;
}

function fileRow(file) {
  const {name, codecs, bytes, durationMs, url} = file;
  const isPlayable = durationMs > 0;
  const playButton = isPlayable
    ? element('button', {
      type: 'button', className: 'button is-small', on: {click: () => play(file, {isStarted: true})},
      aria: {label: `Play ${name}`},
    }, icon('play'), 'Play')
    : null;
  return element('tr', {},
    element('td', {className: 'cell-main'}, name,
      element('span', {className: 'sub'}, kindWords(file))),
    cell('Codecs', Array.isArray(codecs) ? codecs.join(', ') : codecs || '–'),
    cell('Duration', isPlayable ? formatDuration(durationMs) : '–', 'is-number'),
    cell('Size', formatBytes(bytes), 'is-number'),
    element('td', {className: 'cell-wide'}, element('div', {className: 'actions'}, playButton,
      element('a', {className: 'button is-small', href: url, download: name, aria: {label: `Download ${name}`}},
        icon('download'), 'Download'))));
}

function play({name, url}, {isStarted}) {
  const player = byId('player');
  showMessage(byId('player-problem'), '');
  byId('player-block').hidden = false;
  byId('playing').textContent = name;
  player.src = url;
  if (isStarted) {
    player.scrollIntoView({block: 'nearest'});
    // A failure is told by the error event; a second click before the first has begun is none.
    player.play().catch(() => {});
  }
}

function showGaps(gaps) {
  byId('gaps-block').hidden = gaps.length === 0;
  byId('gaps').replaceChildren(...gaps.map((gap) => element('li', {}, gapWords(gap, recording.sessions ?? []))));
}

function sessionBlock({peer, startedAt, endedAt, end, tailUnknownSince, tracks}) {
  const how = end ? `, ${endWords(end)}` : '';
  const until = endedAt ? `${formatTime(endedAt)}${how}` : 'now';
  const tail = tailUnknownSince
    ? element('p', {className: 'sub'},
      `What was sent after ${formatTime(tailUnknownSince)} is unknown: the connection broke without a good-bye.`)
    : null;
  return element('section', {className: 'session'},
    element('h3', {}, peer),
    element('p', {className: 'sub'}, `${formatTime(startedAt)} – ${until} · ${formatPlural(tracks.length, 'track')}`),
    tail,
    element('table', {className: 'table'},
      element('thead', {}, element('tr', {}, ...['Track', 'Codec', 'Packets', 'Repaired', 'Lost', 'Longest hole']
        .map((text) => element('th', {scope: 'col'}, text)))),
      element('tbody', {}, ...tracks.map(trackRow))));
}

function trackRow(track) {
  const {packets, repaired, lost, hole} = receptionWords(track.reception);
  return element('tr', {},
    element('td', {className: 'cell-main'}, trackWords(track)),
    cell('Codec', track.codec),
    cell('Packets', packets, 'is-number'),
    cell('Repaired', repaired, 'is-number'),
    cell('Lost', lost, 'is-number'),
    cell('Longest hole', hole, 'is-number'));
}

function cell(label, content, className = '') {
  return element('td', {className, data: {label}}, content);
}

async function convert() {
  const wish = {hasTracks: byId('convert-tracks').checked, hasComposed: byId('convert-compose').checked};
  showMessage(byId('convert-problem'), '');
  if (!wish.hasTracks && !wish.hasComposed) {
    showMessage(byId('convert-problem'), 'Choose what to make first.');
    return;
  }
  byId('convert').disabled = true;
  try {
    const job = await startJob(api, recording, wish);
    sessionStorage.setItem(jobKey, job);
    await follow(job);
  } catch (error) {
    showMessage(byId('convert-problem'), error.words ?? error.message);
  }
  byId('convert').disabled = false;
}

async function follow(job) {
  byId('job').hidden = false;
  byId('convert').disabled = true;
  try {
    const {state, words, fileNames} = await followJob(api, job, showJob);
    showMessage(byId('convert-problem'), state === 'failed' ? words : '');
    await loadFiles(fileNames);
  } catch (error) {
    showMessage(byId('convert-problem'), error.words ?? error.message);
  }
  sessionStorage.removeItem(jobKey);
  byId('job').hidden = true;
  byId('convert').disabled = false;
}

/** Files of a completed job reach the library one by one. */
async function loadFiles(fileNames) {
  for (let tries = 1; ; tries += 1) {
    await load();
    const listed = new Set((recording.files ?? []).map(({name}) => name));
    if (fileNames.every((name) => listed.has(name)) || tries === MAX_FILE_POLLS) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, FILE_POLL_MILLIS));
  }
}

function showJob({state, progress, words}) {
  const bar = byId('job-progress');
  if (state === 'running') {
    bar.value = progress;
  } else {
    bar.removeAttribute('value');
  }
  const percent = state === 'running' ? ` ${Math.floor(progress * 100)} %` : '';
  byId('job-words').textContent = words + percent;
}

/** The manifest needs the bearer, which a plain link cannot carry. */
async function downloadManifest() {
  try {
    const blob = await (await call(`${address}/manifest`, api.token)).blob();
    const url = URL.createObjectURL(blob);
    element('a', {href: url, download: `manifest-${id}.json`}).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  } catch (error) {
    showMessage(byId('problem'), error.words ?? error.message);
  }
}

byId('convert-form').addEventListener('submit', (event) => {
  event.preventDefault();
  convert();
});
byId('manifest').addEventListener('click', downloadManifest);
byId('player').addEventListener('error', () => showMessage(byId('player-problem'),
  'This file cannot be played here. Its link may have expired: reload the page, or download it.'));
addEventListener('hashchange', () => location.reload());

start(takeToken());
