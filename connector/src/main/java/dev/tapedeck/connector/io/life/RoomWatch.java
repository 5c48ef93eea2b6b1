package dev.tapedeck.connector.io.life;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Hands what happens in rooms to those who watch them, after it is stored. Safe for use by many threads. */
public final class RoomWatch {
  /** A watcher this far behind is cut off; it comes back and gets a fresh snapshot. */
  private static final int MAX_BEHIND = 256;

  private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();

  /** One who watches one room, or all rooms of an app. Closed by its owner. */
  public final class Watcher implements AutoCloseable {
    private final String app;
    private final Optional<String> room;
    private final BlockingQueue<RoomChange> changes = new LinkedBlockingQueue<>(MAX_BEHIND);
    private volatile boolean isCut;

    private Watcher(String app, Optional<String> room) {
      this.app = app;
      this.room = room;
    }

    /** The next change, or null when none came in this time. */
    public RoomChange poll(long timeoutMillis) throws InterruptedException {
      return changes.poll(timeoutMillis, TimeUnit.MILLISECONDS);
    }

    /** Whether changes were lost, so that only a new watch with a new snapshot helps. */
    public boolean isCut() {
      return isCut;
    }

    private void offer(RoomChange change) {
      boolean isMeant = change.app().equals(app) && (room.isEmpty() || change.room().equals(room.get()));
      if (isMeant && !changes.offer(change)) {
        isCut = true;
      }
    }

    @Override
    public void close() {
      watchers.remove(this);
    }
  }

  /** Begins to watch; take the snapshot afterwards, so that nothing falls between. */
  public Watcher watch(String app, String room) {
    return add(new Watcher(app, Optional.of(room)));
  }

  /** As {@link #watch(String, String)}, for every room of the app. */
  public Watcher watchAll(String app) {
    return add(new Watcher(app, Optional.empty()));
  }

  private Watcher add(Watcher watcher) {
    watchers.add(watcher);
    return watcher;
  }

  public int watchers() {
    return watchers.size();
  }

  void publish(List<RoomChange> changes) {
    for (RoomChange change : changes) {
      watchers.forEach(watcher -> watcher.offer(change));
    }
  }
}
