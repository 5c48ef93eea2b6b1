package dev.tapedeck.bench.overload;

import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.client.SyntheticWatcher;
import dev.tapedeck.bench.client.media.BurstSource;
import dev.tapedeck.bench.client.srtp.SrtpProtection;
import dev.tapedeck.bench.latency.RelayPath;
import dev.tapedeck.bench.load.LoadClients;
import dev.tapedeck.bench.load.Tracks;
import dev.tapedeck.bench.process.LoadTarget;
import dev.tapedeck.bench.process.Pause;
import dev.tapedeck.bench.process.Together;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Publishers whose pictures can be made larger while they send, and those who watch them. */
final class OverloadLoad implements AutoCloseable {
  static final int PACKETS_PER_FRAME = 8;

  private static final long START_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int RELAYED_PACKETS_PER_SECOND = 400;
  private static final String PUBLISHER = "publisher";
  private static final String VOICE_MID = "0";
  private static final String PICTURE_MID = "1";

  private final LoadClients clients;
  private final OverloadOptions options;
  private final List<BurstSource> pictures;
  private List<SyntheticPublisher> publishers = List.of();

  OverloadLoad(LoadTarget target, List<SrtpProtection> protections, OverloadOptions options) {
    this.clients = new LoadClients(target, protections);
    this.options = options;
    this.pictures = Stream.generate(() -> Tracks.pictureSource(PACKETS_PER_FRAME, options.firstPerSecond()))
        .limit(options.publishers()).toList();
  }

  /** Everybody joins and sends at the rate of the first step. */
  void join() throws IOException {
    publishers = Together.each(options.publishers(), i -> clients.publish(room(i), PUBLISHER,
        List.of(Tracks.voice(VOICE_MID), Tracks.picture(PICTURE_MID, pictures.get(i))), options.isRecorded()));
    int perRoom = options.subscribers();
    clients.joinWithSample(options.publishers() * perRoom,
        (all, number) -> all.count(
            room(number / perRoom), name(number), SyntheticWatcher.pairs(1), Optional.of(PUBLISHER)),
        (all, place, number) -> all.check(
            place, room(number / perRoom), name(number), SyntheticWatcher.pairs(1), Optional.of(PUBLISHER)));
    RelayPath.Burst burst =
        RelayPath.Burst.of(PACKETS_PER_FRAME, Tracks.PACKET_BYTES, RELAYED_PACKETS_PER_SECOND);
    long startNanos = clients.sendingLoop().nowNanos() + START_DELAY_NANOS;
    for (int i = 0; i < publishers.size(); i++) {
      publishers.get(i).play(startNanos + burst.intervalNanos() * i / publishers.size());
    }
    clients.startRelay(burst, startNanos + burst.intervalNanos() / (2L * publishers.size()));
    clients.awaitMedia();
  }

  private static String room(int number) {
    return "room" + number;
  }

  private static String name(int subscriber) {
    return "subscriber" + subscriber;
  }

  /** Sends pictures of this rate from now on, and measures after a while. */
  OverloadStep measure(int picturePacketsPerSecond) throws IOException {
    pictures.forEach(picture -> picture.setPacketsPerSecond(picturePacketsPerSecond));
    clients.plan((double) options.publishers() * (picturePacketsPerSecond + Tracks.VOICE_PACKETS_PER_SECOND));
    Pause.of(options.settle());
    return new OverloadStep(picturePacketsPerSecond, options.subscribers(),
        clients.measure(() -> Pause.of(options.window())));
  }

  /** Ends all tapes. */
  void unpublish() throws IOException {
    Together.each(publishers.size(), i -> {
      publishers.get(i).leave(Duration.ZERO);
      return true;
    });
  }

  @Override
  public void close() throws IOException {
    clients.close();
  }
}
