package dev.tapedeck.media.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.limit.Limits;
import dev.tapedeck.media.core.packet.PacketArena;
import dev.tapedeck.media.core.rtcp.RoundTripEstimator;
import dev.tapedeck.media.core.sdp.Direction;
import dev.tapedeck.media.core.sdp.NegotiatedMedia;
import dev.tapedeck.media.core.stats.WorkerCounters;
import dev.tapedeck.media.core.timer.TimerHeap;
import dev.tapedeck.protocol.codec.MediaKind;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamTableTest {
  private static final PacketArena ARENA = new PacketArena(Arena.ofAuto(), 1, 64);
  private static final RoomEnvironment ENVIRONMENT = new RoomEnvironment(ARENA, new TimerHeap(), new WorkerCounters(),
      nowNanos -> nowNanos, new SplittableRandom(1),
      (app, connection, info, token) -> null, new CachedPackets(ARENA, 1), 16, 16, Limits.defaults());

  private final StreamTable table = new StreamTable();

  private static UpLayer layer(int ssrc) {
    NegotiatedMedia audio = new NegotiatedMedia(0, "0", Optional.of(MediaKind.AUDIO), Optional.empty(),
        Direction.RECVONLY, List.of(), new TreeMap<>(), List.of(), List.of(), Optional.empty());
    return new UpLayer(new UpTrack(null, audio, "audio_main", new RoundTripEstimator()), ssrc, "", 0, ENVIRONMENT);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void findsEveryStreamUpToTheLimit(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<Integer, UpLayer> model = new HashMap<>();
    for (int i = 0; !table.isFull(); i++) {
      // Neighbours, multiples of the table's size and any others.
      int ssrc = i % 3 == 0 ? i : i % 3 == 1 ? i << 20 : random.nextInt();
      if (!model.containsKey(ssrc)) {
        assertThat(table.find(ssrc)).isNull();
        UpLayer layer = layer(ssrc);
        table.put(ssrc, layer);
        model.put(ssrc, layer);
      }
      model.forEach((known, layer) -> assertThat(table.find(known)).isSameAs(layer));
    }
    assertThat(model).hasSize(StreamTable.MAX_STREAMS);
    assertThat(table.find(random.nextInt() | 0x7000_0001)).isNull();
  }

  @Test
  void ssrcZeroIsAStreamLikeAnyOther() {
    assertThat(table.find(0)).isNull();
    UpLayer layer = layer(0);
    table.put(0, layer);
    assertThat(table.find(0)).isSameAs(layer);
    table.clear();
    assertThat(table.find(0)).isNull();
    assertThat(table.isFull()).isFalse();
  }
}
