package dev.tapedeck.bench.client.media;

import dev.tapedeck.bench.client.net.ClientLoop;
import dev.tapedeck.bench.client.rtp.RtpSender;
import dev.tapedeck.bench.client.rtp.SentLog;
import java.util.concurrent.CompletableFuture;

/** Plays a source into a sender, each frame at its time by the loop's clock. */
public final class SourcePlayer {
  private final ClientLoop loop;
  private final MediaSource source;
  private final RtpSender sender;
  private final SentLog log;
  private final long startNanos;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private boolean stopped;

  /** @param startNanos when the first frame is due; one moment for all sources of a publisher keeps them in step */
  public SourcePlayer(ClientLoop loop, MediaSource source, RtpSender sender, SentLog log, long startNanos) {
    this.loop = loop;
    this.source = source;
    this.sender = sender;
    this.log = log;
    this.startNanos = startNanos;
  }

  /** On the loop thread. */
  public void start() {
    sender.startClock(startNanos);
    source.startsAt(startNanos);
    loop.schedule(startNanos, this::playNext);
  }

  private void playNext() {
    if (stopped) {
      return;
    }
    try {
      long nextNanos = source.sendNext(sender, log, loop.nowNanos());
      if (nextNanos == MediaSource.END) {
        ended.complete(null);
      } else {
        loop.schedule(startNanos + nextNanos, this::playNext);
      }
    } catch (RuntimeException e) {
      ended.completeExceptionally(e);
    }
  }

  /** Done when the last frame was sent, or the player was stopped. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  /** Ends after the frame being sent; callable from any thread. */
  public void stop() {
    loop.execute(() -> {
      stopped = true;
      ended.complete(null);
    });
  }

  public RtpSender sender() {
    return sender;
  }

  public MediaSource source() {
    return source;
  }
}
