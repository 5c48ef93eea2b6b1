/** Headless Chromium over the WebDriver protocol, spoken by hand: it is a dozen JSON requests. */

import {spawn} from 'node:child_process';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required',
  '--window-size=1280,800'];

/** @returns {Promise<{open: (url: string) => Promise<Page>, close: () => Promise<void>}>} */
export async function startDriver() {
  const driver = spawn('chromedriver', ['--port=0']);
  const port = await new Promise((resolve, reject) => {
    driver.stdout.on('data', (data) => {
      const found = /successfully on port (\d+)/.exec(data);
      if (found) {
        resolve(found[1]);
      }
    });
    driver.on('error', reject);
  });
  const pages = [];
  return {
    async open(url) {
      const page = await Page.open(`http://127.0.0.1:${port}`, url);
      pages.push(page);
      return page;
    },
    async close() {
      await Promise.all(pages.map((page) => page.close()));
      driver.kill();
    },
  };
}

export class Page {
  #session;
  #profile;

  static async open(driver, url) {
    const page = new Page();
    page.#profile = await mkdtemp(join(tmpdir(), 'tapedeck-look-'));
    const {sessionId} = await post(`${driver}/session`, {capabilities: {alwaysMatch: {
      browserName: 'chrome',
      'goog:chromeOptions': {args: [...FLAGS, `--user-data-dir=${page.#profile}`]},
      'goog:loggingPrefs': {browser: 'ALL'},
    }}});
    page.#session = `${driver}/session/${sessionId}`;
    await page.goTo(url);
    return page;
  }

  async goTo(url) {
    await post(`${this.#session}/url`, {url: 'about:blank'});
    await post(`${this.#session}/url`, {url});
  }

  /** @param {string} script body of a function; a promise it returns is waited for */
  run(script, ...args) {
    return post(`${this.#session}/execute/sync`, {script, args});
  }

  /** @param {string} expression true in the end, else this fails */
  async until(expression, seconds = 20) {
    const deadline = Date.now() + seconds * 1_000;
    while (!await this.run(`return Boolean(${expression})`)) {
      if (Date.now() > deadline) {
        const words = await this.run('return document.body.innerText');
        throw new Error(`not within ${seconds} s: ${expression}; the page says ${words}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  command(cmd, params) {
    return post(`${this.#session}/goog/cdp/execute`, {cmd, params});
  }

  /** @param {{width: number, height: number, isDark?: boolean}} look */
  async look({width, height, isDark = false}) {
    await this.command('Emulation.setDeviceMetricsOverride', {width, height, deviceScaleFactor: 1, mobile: width < 600});
    await this.command('Emulation.setEmulatedMedia', {
      features: [{name: 'prefers-color-scheme', value: isDark ? 'dark' : 'light'}]});
    await this.run('return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  }

  /** The whole page, however long, or only what is on the screen. */
  async screenshot(path, isWhole = true) {
    const {data} = await this.command('Page.captureScreenshot', {captureBeyondViewport: isWhole});
    await writeFile(path, Buffer.from(data, 'base64'));
  }

  /** @returns {Promise<string[]>} what the console said since the last time, but for what is of no interest */
  async complaints() {
    const entries = await post(`${this.#session}/se/log`, {type: 'browser'});
    return entries.filter(({level}) => level === 'SEVERE' || level === 'WARNING').map(({message}) => message);
  }

  async close() {
    await fetch(this.#session, {method: 'DELETE'});
    await rm(this.#profile, {recursive: true, force: true});
  }
}

async function post(url, body) {
  const response = await fetch(url, {method: 'POST', body: JSON.stringify(body)});
  const {value} = await response.json();
  if (value?.error) {
    throw new Error(`${value.error}: ${value.message}`);
  }
  return value;
}
