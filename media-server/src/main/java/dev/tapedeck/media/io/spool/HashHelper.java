package dev.tapedeck.media.io.spool;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * A second thread for SHA-256, for as long as slabs come faster than one thread hashes and writes them. It follows the
 * spool thread by at most {@link #MOST_BEHIND} pieces; what asks for a chunk's hash waits for it.
 */
final class HashHelper implements AutoCloseable {
  static final int MOST_BEHIND = 16;

  /** One for each piece; if it was hashed by another in the meantime, the turn passes. */
  private final BlockingQueue<ChunkHash> behind = new ArrayBlockingQueue<>(MOST_BEHIND);
  private final Thread thread = Thread.ofPlatform().name("spool-hash").daemon().unstarted(this::run);
  private volatile boolean running;

  void start() {
    running = true;
    thread.start();
  }

  /**
   * A piece was added to this hash.
   *
   * @return false if it has enough to do, or does not run: the caller is to hash one
   */
  boolean offer(ChunkHash hash) {
    return running && behind.offer(hash);
  }

  /** What was offered may stay behind; whoever asks for its value computes it. */
  @Override
  public void close() {
    running = false;
    thread.interrupt();
  }

  private void run() {
    try {
      while (running) {
        behind.take().hashNext();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the spool closes
    }
  }
}
