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

/** As far as it goes without a media server. */
async function lobby(page) {
  const claims = Buffer.from(JSON.stringify({room: 'weekly-review', record: true})).toString('base64url');
  await page.goTo(`${server.url}/meeting.html`);
  await shoot(page, 'no-invite', {desktop: DESKTOP});
  await page.goTo(`${server.url}/meeting.html#invite=h.${claims}.s&name=Radia%20Perlman`);
  await page.until("document.getElementById('preview').videoWidth > 0 && !document.getElementById('join').disabled");
  await page.until("document.getElementById('camera').options.length > 1");
  await shoot(page, 'lobby', {desktop: DESKTOP, dark: DARK, phone: PHONE});
  await checkConsole(page);
}

try {
  const clip = await driver.open(`${server.url}/look/clip.html`);
  await clip.run('return window.recordClip()');
  const page = await driver.open('about:blank');
  await recordingsPages(page);
  await homePage(page);
  await lobby(page);
  assert.deepEqual(await clip.complaints(), []);
  console.log(`all pages are well; pictures are in ${folder}`);
} finally {
  await driver.close();
  await server.close();
}
