package dev.tapedeck.media.core.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.packet.Path;
import dev.tapedeck.media.core.session.PeerSession;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathTableTest {
  private static final InetSocketAddress REMOTE = new InetSocketAddress(1);

  private final TestSessions sessions = new TestSessions(session -> {});
  private final PathTable<PeerSession> table = new PathTable<>();

  private PathTable.Binding<PeerSession> find(Path path) {
    return table.find(path.socket(), path.high(), path.low(), path.port());
  }

  @Test
  void everyPartOfAPathCounts() {
    PeerSession session = sessions.create();
    table.bind(new Path(1, 2, 3, 4, REMOTE), session);
    assertThat(table.find(1, 2, 3, 4).owner).isSameAs(session);
    assertThat(table.find(0, 2, 3, 4)).isNull();
    assertThat(table.find(1, 0, 3, 4)).isNull();
    assertThat(table.find(1, 2, 0, 4)).isNull();
    assertThat(table.find(1, 2, 3, 0)).isNull();
  }

  @Test
  void anotherSessionTakesThePathOverAndKeepsItsObject() {
    PeerSession first = sessions.create();
    PeerSession second = sessions.create();
    Path path = new Path(0, 0, 7, 7, REMOTE);
    table.bind(path, first);
    table.bind(new Path(0, 0, 7, 7, REMOTE), second);
    assertThat(find(path).owner).isSameAs(second);
    assertThat(find(path).path).as("paths are compared by identity").isSameAs(path);
    table.unbind(path, first);
    table.unbindAll(first);
    assertThat(find(path).owner).isSameAs(second);
    table.unbind(path, second);
    assertThat(find(path)).isNull();
    assertThat(table.size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void behavesLikeAMap(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<PeerSession> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(sessions.create());
    }
    Map<Path, PeerSession> model = new HashMap<>();
    List<Path> paths = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      paths.add(new Path(i % 2, i % 3, i / 7, i % 11, REMOTE)); // some of them are equal
    }
    for (int step = 0; step < 20_000; step++) {
      Path path = paths.get(random.nextInt(paths.size()));
      PeerSession session = all.get(random.nextInt(all.size()));
      if (random.nextInt(20) != 0) {
        table.bind(path, session);
        model.put(path, session);
      } else if (random.nextInt(3) == 0) {
        table.unbindAll(session);
        model.values().removeIf(session::equals);
      } else if (model.containsKey(path)) {
        table.unbind(find(path).path, session);
        model.remove(path, session);
      }
      assertThat(table.size()).as("seed %d", seed).isEqualTo(model.size());
      Path asked = paths.get(random.nextInt(paths.size()));
      assertThat(find(asked) == null ? null : find(asked).owner).isSameAs(model.get(asked));
    }
  }
}
