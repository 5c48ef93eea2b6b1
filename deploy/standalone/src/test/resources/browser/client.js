// What the tests may do in this page. Every function returns what JSON can carry.
import { expose } from './callable.js';
import { Publisher } from './publisher.js';
import { Watcher } from './watcher.js';

let publisher = null;
let watcher = null;

const client = {
  publish: async (options) => {
    publisher = await Publisher.start(options);
    return publisher.description();
  },
  publisherStats: () => publisher.stats(),
  publisherDescription: () => publisher.description(),
  setActive: (rid, active) => publisher.setActive(rid, active),
  trickle: (match) => publisher.trickle(match),
  restartIce: () => publisher.restartIce(),
  unpublish: () => publisher.stop(),

  watch: async (options) => {
    watcher = await Watcher.start(options);
    return watcher.slots();
  },
  watcherDescription: () => watcher.description(),
  restartWatcherIce: () => watcher.restartIce(),
  assign: (slots) => watcher.assign(slots),
  slots: () => watcher.slots(),
  slotStats: (mid) => watcher.stats(mid),
  colour: (mid) => watcher.tile(mid).colour(),
  tone: (mid) => watcher.tile(mid).peakHertz(),
  timeline: (mid) => watcher.tile(mid).timeline(),
  unwatch: () => watcher.stop(),
};

expose(client);
