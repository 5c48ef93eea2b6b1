/**
 * Opens every page in headless Chromium against the stand-in server, checks what can be checked, and leaves pictures.
 *
 *   node look.mjs FOLDER
 */

import assert from 'node:assert/strict';
import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {startDriver} from './browser.mjs';
import {startServer} from './server.mjs';

const DESKTOP = {width: 1280, height: 800};
const DARK = {...DESKTOP, isDark: true};
const PHONE = {width: 390, height: 844};

const folder = process.argv[2];
if (!folder) {
  throw new Error('usage: node look.mjs FOLDER');
}
await mkdir(folder, {recursive: true});

const server = await startServer();
const driver = await startDriver();
let expectedComplaints = [];

function peers(count) {
  const names = ['Ada Lovelace', 'Grace', 'Linus', 'Zoë', '張偉'];
  return Array.from({length: count}, (_, n) => person(`${names[n % 5]} p-${n + 1}`, n));
}

function person(peer, n) {
  return {peer, session: 5_000_000_000 + n, joinedAt: 0, recorded: false,
    tracks: [{name: 'audio_main', kind: 'audio', codec: 'opus'}, {name: 'video_main', kind: 'video', codec: 'VP8'}]};
}

/** Red, green and blue of `hsl(hue 70% 45%)`. */
function rgb(hue) {
  const channel = (n) => {
    const k = (n + hue / 30) % 12;
    return Math.round(255 * (0.45 - 0.7 * 0.45 * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}

async function checkColours(page, count) {
  await page.until(`tapedeck.tileColours().filter(({isOwn, colour}) => !isOwn && colour).length === ${count}`, 30);
  for (const {peer, isOwn, colour} of await page.run('return tapedeck.tileColours()')) {
    if (!isOwn && colour) {
      const wanted = rgb(Number(/\d+$/.exec(peer)[0]) * 47 % 360);
      assert.ok(wanted.every((value, at) => Math.abs(value - colour[at]) < 30), `${peer} is ${colour}, not ${wanted}`);
    }
  }
}

async function shoot(page, name, looks, isWhole) {
  for (const [suffix, look] of Object.entries(looks)) {
    await page.look(look);
    const overflow = await page.run('return document.documentElement.scrollWidth - innerWidth');
    assert.ok(overflow <= 0, `${name} ${suffix} is ${overflow} pixels wider than the screen`);
    await page.screenshot(join(folder, `${name}-${suffix}.png`), isWhole);
  }
}

async function checkConsole(page) {
  const complaints = (await page.complaints()).filter((text) => !expectedComplaints.some((each) => text.includes(each)));
  assert.deepEqual(complaints, []);
}

async function recordingsPages(page) {
  await page.goTo(`${server.url}/recordings.html`);
  await page.until("!document.getElementById('access').hidden");
  await shoot(page, 'access', {desktop: DESKTOP});
  await page.goTo(`${server.url}/recordings.html#token=secret`);
  await page.until("document.querySelectorAll('#rows tr').length === 6");
  assert.equal(await page.run('return location.hash'), '');
  assert.equal(await page.run("return document.querySelectorAll('#rows b').length"), 0);
  await shoot(page, 'recordings', {desktop: DESKTOP, dark: DARK, phone: PHONE});
  await page.run("document.getElementById('next').click()");
  await page.until("document.querySelectorAll('#rows tr').length === 2");

  const detail = (n) => `${server.url}/recording.html#id=${4_294_967_300 + n}`;
  await page.goTo(detail(0));
  await page.until("document.getElementById('player').readyState >= 1");
  await page.run("document.querySelector('[aria-label^=\"Play Zoë-4800516412253067-vp8\"]').click()");
  await page.until("document.getElementById('player').currentTime > 0.3");
  await page.run("document.getElementById('player').pause()");
  await shoot(page, 'recording', {desktop: DESKTOP, dark: DARK, phone: PHONE});
  await page.goTo(detail(1));
  await page.until("document.querySelectorAll('#gaps li').length === 2");
  await page.run("document.getElementById('convert').click()");
  await page.until("document.getElementById('job-words').textContent.includes('%')");
  await shoot(page, 'partial', {desktop: DESKTOP, phone: PHONE});
  await page.until("document.getElementById('job').hidden && !document.getElementById('convert').disabled");
  assert.ok(server.requests.some((each) => each.includes('"record_path":"demo/support-8812/4294967301"')));
  await page.goTo(`${server.url}/recording.html#id=1`);
  await page.until("!document.getElementById('problem').hidden");
  await shoot(page, 'missing', {desktop: DESKTOP});
  expectedComplaints = ['/api/recordings/1 - Failed to load resource'];
  await checkConsole(page);
}

async function homePage(page) {
  await page.goTo(`${server.url}/`);
  await page.run("document.getElementById('room').value = 'x'; document.getElementById('meeting-form').requestSubmit()");
  await page.until("document.getElementById('link').value.includes('#invite=')");
  await shoot(page, 'home', {desktop: DESKTOP, dark: DARK, phone: PHONE});
  await checkConsole(page);
}

async function meetingPage(page, sfu) {
  const claims = Buffer.from(JSON.stringify({room: 'weekly-review', record: true})).toString('base64url');
  server.room = {recording: null, peers: peers(1)};
  await page.goTo(`${server.url}/meeting.html`);
  await shoot(page, 'no-invite', {desktop: DESKTOP});
  await page.goTo(`${server.url}/meeting.html#invite=h.${claims}.s&name=Radia%20Perlman`);
  await page.until("document.getElementById('preview').videoWidth > 0 && !document.getElementById('join').disabled");
  await page.until("document.getElementById('camera').options.length > 1");
  await shoot(page, 'lobby', {desktop: DESKTOP, dark: DARK, phone: PHONE});

  await page.look(DESKTOP);
  await page.run("document.getElementById('join').click()");
  await page.until("tapedeck.pcs.whip?.connectionState === 'connected'");
  await page.until("tapedeck.pcs.whep?.connectionState === 'connected'");
  await checkColours(page, 1);
  const [whipOffer, whepOffer] = await page.run(
    'return [tapedeck.pcs.whip, tapedeck.pcs.whep].map((pc) => pc.localDescription.sdp)');
  console.log(`offer characters: whip ${whipOffer.length}, whep ${whepOffer.length}`);
  assert.equal(whipOffer.match(/^m=/gm).length, 2);
  assert.match(whipOffer, /^a=simulcast:send q;h;f/m);
  assert.equal(whepOffer.match(/^m=/gm).length, 24);
  assert.ok(server.requests.includes('PATCH /whip/conn/*'), 'candidates trickle');
  assert.equal(await page.run("return document.getElementById('recording').hidden"), true);

  const [, ...others] = peers(5);
  others.forEach((each) => {
    server.tell('peer_joined', each);
    each.tracks.forEach((track) => server.tell('track_started', {...each, ...track, tracks: undefined}));
  });
  server.tell('recording_started', {recording: 9});
  await checkColours(page, 5);
  await page.until("document.querySelector('.tile.is-speaking')");
  await shoot(page, 'meeting', {desktop: DESKTOP, dark: DARK, phone: PHONE}, false);

  server.tell('peer_left', others[0]);
  server.tell('peer_joined', {...person('Silent Sam', 77), tracks: []});
  await checkColours(page, 4);
  await page.run("document.getElementById('toggle-camera').click()");
  await page.run("document.getElementById('toggle-microphone').click()");
  await shoot(page, 'muted', {desktop: DESKTOP}, false);

  server.tell('snapshot', {recording: {id: 9, state: 'recording'}, peers: peers(15)});
  await checkColours(page, 12);
  await shoot(page, 'full', {desktop: DESKTOP, phone: PHONE}, false);

  await restart(page);
  await checkColours(page, 12);
  await reconnect(page, sfu);
  await checkColours(page, 12);

  await page.run("document.getElementById('leave').click()");
  await page.until("!document.getElementById('goodbye').hidden");
  await sfu.until('connectionCount() === 0');
  await shoot(page, 'goodbye', {desktop: DESKTOP});
  expectedComplaints = ['/whip/endpoint - Failed to load resource', '/conn/'];
  await checkConsole(page);
}

/** The path fails as far as the page is told; the connection itself stays what it was. */
async function restart(page) {
  await page.run(`
    window.restarted = tapedeck.pcs.whep;
    Object.defineProperty(restarted, 'iceConnectionState', {configurable: true, get: () => 'failed'});
    Object.defineProperty(restarted, 'connectionState', {configurable: true, get: () => 'failed'});
    window.ufrag = /ice-ufrag:(.*)/.exec(restarted.currentLocalDescription.sdp)[1];
    restarted.dispatchEvent(new Event('iceconnectionstatechange'));
    delete restarted.iceConnectionState;
    delete restarted.connectionState;`);
  await page.until('ufrag !== /ice-ufrag:(.*)/.exec(restarted.currentLocalDescription.sdp)[1]');
  await page.until('tapedeck.problems.length === 0');
  assert.equal(await page.run('return tapedeck.pcs.whep === restarted'), true, 'the same connection');
  await page.until("restarted.iceConnectionState === 'connected' && restarted.connectionState === 'connected'");
}

/** The server forgets everybody and refuses for a moment. */
async function reconnect(page, sfu) {
  server.whipFailures = 2;
  await sfu.run('window.cut()');
  await page.until("document.getElementById('connection-problem').innerText.includes('draining')", 60);
  await shoot(page, 'problem', {desktop: DESKTOP, phone: PHONE}, false);
  await page.look(DESKTOP);
  await page.until('tapedeck.pcs.whep !== restarted && tapedeck.problems.length === 0', 60);
}

try {
  const sfu = await driver.open(`${server.url}/look/sfu.html`);
  await sfu.run('return window.recordClip()');
  const page = await driver.open('about:blank');
  await recordingsPages(page);
  await homePage(page);
  await meetingPage(page, sfu);
  assert.deepEqual(await sfu.complaints(), []);
  console.log(`all pages are well; pictures are in ${folder}`);
} finally {
  await driver.close();
  await server.close();
}
