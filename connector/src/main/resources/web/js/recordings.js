/** The list of recordings. */

import {askForToken, takeToken} from './access.js';
import {Api} from './api.js';
import {byId, element, showMessage} from './dom.js';
import {formatBytes, formatDateTime, formatDuration, formatPlural} from './format.js';
import {isOpen, verdictOf} from './words.js';

const PAGE_SIZE = 20;
const REFRESH_MILLIS = 5_000;

let api = null;
let page = 1;
let room = '';
let refreshTimer = null;

function start(token) {
  if (!token) {
    askForToken('', start);
    return;
  }
  api = new Api(token);
  byId('content').hidden = false;
  load();
}

async function load() {
  clearTimeout(refreshTimer);
  const query = new URLSearchParams({page: String(page), pageSize: String(PAGE_SIZE), ...(room && {room})});
  try {
    const {recordings, pagination} = await api.get(`/api/recordings?${query}`);
    show(recordings, pagination);
    showMessage(byId('problem'), '');
    if (recordings.some(isOpen)) {
      refreshTimer = setTimeout(load, REFRESH_MILLIS);
    }
  } catch (error) {
    fail(error);
  }
}

function fail(error) {
  if (error.isDenied) {
    byId('content').hidden = true;
    askForToken(error.words, start);
    return;
  }
  showMessage(byId('problem'), error.words ?? error.message);
  refreshTimer = setTimeout(load, REFRESH_MILLIS);
}

function show(recordings, pagination) {
  byId('rows').replaceChildren(...recordings.map(row));
  byId('table').hidden = recordings.length === 0;
  showMessage(byId('none'), recordings.length > 0 ? '' : emptyWords());
  byId('total').textContent = formatPlural(pagination.total, 'recording');
  byId('page').textContent = `Page ${pagination.page} of ${Math.max(1, pagination.totalPages)}`;
  byId('previous').disabled = pagination.page <= 1;
  byId('next').disabled = pagination.page >= pagination.totalPages;
  byId('pages').hidden = pagination.totalPages <= 1;
}

function emptyWords() {
  return room ? `No recording of a room named “${room}”.` : 'Nothing has been recorded yet.';
}

function row(recording) {
  const {label, tone} = verdictOf(recording);
  const link = element('a', {href: `recording.html#${new URLSearchParams({id: recording.id})}`},
    recording.title || recording.room);
  return element('tr', {},
    element('td', {className: 'cell-main'}, link, element('span', {className: 'sub'}, peopleWords(recording))),
    cell('Started', formatDateTime(recording.startedAt), 'is-time'),
    cell('Duration', recording.durationMs === null ? '–' : formatDuration(recording.durationMs ?? 0), 'is-number'),
    cell('Size', formatBytes(recording.bytes ?? 0), 'is-number'),
    cell('Verdict', element('span', {className: `badge is-${tone}`}, label)));
}

/** The room is named where the title does not already do so. */
function peopleWords({title, room: name, peers = []}) {
  const parts = [title && title !== name ? name : '', peers.join(', ')];
  return parts.filter((part) => part !== '').join(' · ');
}

function cell(label, content, className = '') {
  return element('td', {className, data: {label}}, content);
}

function turn(by) {
  page += by;
  load();
}

byId('previous').addEventListener('click', () => turn(-1));
byId('next').addEventListener('click', () => turn(1));
byId('filter').addEventListener('submit', (event) => {
  event.preventDefault();
  room = byId('filter-room').value.trim();
  page = 1;
  load();
});
byId('filter-room').addEventListener('search', () => byId('filter').requestSubmit());

start(takeToken());
