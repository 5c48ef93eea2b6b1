package dev.tapedeck.bench.client;

import dev.tapedeck.bench.client.media.MediaSource;
import dev.tapedeck.bench.client.media.SourcePlayer;
import dev.tapedeck.bench.client.net.ClientLoop;
import dev.tapedeck.bench.client.rtp.SentLog;
import dev.tapedeck.bench.client.rtp.SessionStats;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A participant that publishes: joins by WHIP, plays its tracks, answers NACK and PLI, and keeps a log of all it sent.
 *
 * <p>Its methods block and belong to one (virtual) thread.
 */
public final class SyntheticPublisher implements AutoCloseable {
  /** After the last frame a publisher stays this long, so that what the network lost is asked for and sent again. */
  public static final Duration USUAL_LINGER = Duration.ofMillis(600);
  /** All tracks start together, this long after the connection is ready. */
  private static final Duration START_DELAY = Duration.ofMillis(50);

  private final ClientLoop loop;
  private final WhipClient signaling;
  private final RtcClient client;
  private final List<PublishedTrack> tracks;
  private final List<SourcePlayer> players = new ArrayList<>();
  private boolean joined;

  public SyntheticPublisher(ClientLoop loop, HttpClient http, URI server, String token, RtcSettings settings,
      List<PublishedTrack> tracks) {
    this.loop = loop;
    this.signaling = new WhipClient(http, server, token);
    this.client = new RtcClient(loop, settings);
    this.tracks = List.copyOf(tracks);
  }

  /** Offers, connects, and returns when media can flow. */
  public void join() throws IOException {
    String offer = client.createOffer(tracks.stream().map(PublishedTrack::media).toList());
    String answer = signaling.publish(offer);
    joined = true;
    client.onKeyFrameRequest(stream -> players.stream()
        .filter(player -> player.sender().stream().ssrc() == stream.ssrc())
        .forEach(player -> player.source().requestKeyFrame()));
    client.connect(answer, mid -> {
      throw new IllegalStateException("a publisher receives nothing, but m-line " + mid + " does");
    });
  }

  /** Starts all tracks together, soon. */
  public void play() {
    play(loop.nowNanos() + START_DELAY.toNanos());
  }

  /** Starts all tracks at one moment of the loop's clock. */
  public void play(long startNanos) {
    for (PublishedTrack track : tracks) {
      track.sources().forEach((rid, source) -> players.add(new SourcePlayer(
          loop, source, client.sender(track.media().mid(), rid), client.sentLog(), startNanos)));
    }
    loop.execute(() -> players.forEach(SourcePlayer::start));
  }

  /** Waits until every track has sent its last frame.
   *  @throws IOException if that takes longer than the time given, or a source fails */
  public void awaitEnd(Duration timeout) throws IOException {
    CompletableFuture<Void> all =
        CompletableFuture.allOf(players.stream().map(SourcePlayer::ended).toArray(CompletableFuture[]::new));
    await(all, timeout, "the clips");
  }

  /** Ends the tracks before their end. */
  public void stop() {
    players.forEach(SourcePlayer::stop);
  }

  /** Reports what was sent, stays for the linger time, deletes the WHIP resource and closes the connection. */
  public void leave(Duration linger) throws IOException {
    if (!joined) {
      return;
    }
    joined = false;
    stop();
    client.sendLastReports();
    CompletableFuture<Void> over = new CompletableFuture<>();
    loop.schedule(loop.nowNanos() + linger.toNanos(), () -> over.complete(null));
    try {
      await(over, linger.plusSeconds(10), "the linger time");
      signaling.delete();
    } finally {
      client.close();
    }
  }

  private static void await(CompletableFuture<Void> done, Duration timeout, String what) throws IOException {
    try {
      done.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException(what + " did not end within " + timeout, e);
    } catch (ExecutionException e) {
      throw new IOException(what + " failed: " + e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + what, e);
    }
  }

  /** Moves to new sockets and credentials without an end of media. */
  public void restartIce() throws IOException {
    client.finishIceRestart(signaling.restartIce(client.beginIceRestart()));
  }

  public SentLog sentLog() {
    return client.sentLog();
  }

  public SessionStats stats() {
    return client.stats();
  }

  /** Key frames the server asked for, of all tracks. */
  public long keyFrameRequests() {
    return loop.call(() -> tracks.stream()
        .flatMap(track -> track.sources().values().stream())
        .mapToLong(MediaSource::keyFrameRequests)
        .sum());
  }

  public RtcClient client() {
    return client;
  }

  public WhipClient signaling() {
    return signaling;
  }

  @Override
  public void close() {
    joined = false;
    stop();
    client.close();
  }
}
