package dev.tapedeck.media.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.sdp.Direction;
import dev.tapedeck.media.core.sdp.Msid;
import dev.tapedeck.media.core.sdp.NegotiatedMedia;
import dev.tapedeck.media.core.sdp.NegotiatedMedia.LocalSource;
import dev.tapedeck.media.core.stats.WorkerCounters;
import dev.tapedeck.protocol.codec.MediaKind;
import dev.tapedeck.protocol.wire.Kind;
import dev.tapedeck.protocol.wire.Receiver;
import dev.tapedeck.protocol.wire.Sender;
import dev.tapedeck.protocol.wire.Tracks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which m-line gets which name. */
class LinesTest {
  private static final int MAX_NAMES = 5;

  private final Lines lines = new Lines(MAX_NAMES);

  /** Indexes of the m-lines that became receivers. */
  private final List<Integer> received = new ArrayList<>();

  @Test
  void namesGoToLinesOfTheirKindAndDirectionInOrder() {
    update(Tracks.newBuilder()
        .addSenders(sender("screen", Kind.VIDEO)).addSenders(sender("voice", Kind.AUDIO))
        .addSenders(sender("camera", Kind.VIDEO)).addReceivers(receiver("ear")),
        sent(0, MediaKind.AUDIO), sent(1, MediaKind.VIDEO), offered(2, MediaKind.AUDIO), sent(3, MediaKind.VIDEO));

    assertThat(lines.sender("voice").media.index()).isZero();
    assertThat(lines.sender("screen").media.index()).isEqualTo(1);
    assertThat(lines.sender("camera").media.index()).isEqualTo(3);
    assertThat(received).containsExactly(2);
  }

  @Test
  void nameThatComesLaterGoesToTheLineThatCameWithIt() {
    update(Tracks.newBuilder(), offered(0, MediaKind.AUDIO));
    update(Tracks.newBuilder().addReceivers(receiver("ear")),
        offered(0, MediaKind.AUDIO), offered(1, MediaKind.AUDIO));

    assertThat(received).containsExactly(1);
  }

  @Test
  void lineKeepsItsNameAndIsToldOfOnce() {
    Tracks.Builder tracks = Tracks.newBuilder().addSenders(sender("voice", Kind.AUDIO));
    assertThat(update(tracks, sent(0, MediaKind.AUDIO)).senders()).extracting(line -> line.name)
        .containsExactly("voice");
    assertThat(update(tracks, sent(0, MediaKind.AUDIO)).senders()).isEmpty();
  }

  @Test
  void namesAreLimited() {
    Tracks.Builder tracks = Tracks.newBuilder();
    IntStream.rangeClosed(0, MAX_NAMES).forEach(i -> tracks.addSenders(sender("voice " + i, Kind.AUDIO)));
    update(tracks);

    assertThat(lines.senders()).hasSize(MAX_NAMES);
  }

  private Lines.Added update(Tracks.Builder tracks, NegotiatedMedia... media) {
    return lines.update(tracks.build(), List.of(media), line -> {
      received.add(line.index());
      return new DownTrack(line, null, new WorkerCounters(), new RtpMunger(1, 1), 1); // nothing is sent
    });
  }

  private static Sender sender(String name, Kind kind) {
    return Sender.newBuilder().setName(name).setKind(kind).build();
  }

  private static Receiver receiver(String name) {
    return Receiver.newBuilder().setName(name).setKind(Kind.AUDIO).build();
  }

  /** An m-line on which the client sends. */
  private static NegotiatedMedia sent(int index, MediaKind kind) {
    return line(index, kind, Direction.RECVONLY, Optional.empty());
  }

  /** An m-line on which the client would receive. */
  private static NegotiatedMedia offered(int index, MediaKind kind) {
    return line(index, kind, Direction.SENDONLY,
        Optional.of(new LocalSource(index + 1, OptionalLong.empty(), new Msid("stream", "track"))));
  }

  private static NegotiatedMedia line(int index, MediaKind kind, Direction direction, Optional<LocalSource> local) {
    return new NegotiatedMedia(index, Integer.toString(index), Optional.of(kind), Optional.empty(), direction,
        List.of(), new TreeMap<>(), List.of(), List.of(), local);
  }
}
